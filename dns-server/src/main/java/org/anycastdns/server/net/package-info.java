/// The listeners: sockets and event loops around {@link org.anycastdns.server.serve.Responder},
/// which they feed with one message at a time. Nothing about the DNS is decided here but framing,
/// whom to ignore, and how much one client may hold.
///
/// ```
///                  event loop 1 (thread, Worker: Responder + scratch memory)
///   datagrams ---> UDP socket 1 --> UdpHandler ----\
///                                                   +--> Worker --> reply, flushed once a batch
///   connections -> TCP socket --> TcpConnection ---/
///                  (shared)        |      (one per connection, on one loop for its life)
///                  event loop 2    v
///   datagrams ---> UDP socket 2   TcpConnections: who is connected, and who must go
/// ```
@NullMarked
package org.anycastdns.server.net;

import org.jspecify.annotations.NullMarked;
