/// The listeners: sockets and event loops around {@link org.anycastdns.server.serve.Responder},
/// which they feed with one message at a time. Nothing about the DNS is decided here but framing,
/// whom to ignore, and how much one client may hold.
///
/// ```
///                  UDP thread 1 (MmsgLoop: Responder + batch memory)
///   datagrams ---> UDP socket 1 of each address --> Responder --> replies, sent once a batch
///
///                  event loop 1 (thread, Worker: Responder + scratch memory)
///   connections -> TCP socket --> TcpConnection ---> Worker --> reply, flushed once a batch
///                  (shared)        |      (one per connection, on one loop for its life)
///                                  v
///                            TcpConnections: who is connected, and who must go
/// ```
///
/// Where the system has no recvmmsg(2), or when Netty is asked for, the event loops have the UDP
/// sockets too (UdpHandler), and the threads of the first line do not exist.
@NullMarked
package org.anycastdns.server.net;

import org.jspecify.annotations.NullMarked;
