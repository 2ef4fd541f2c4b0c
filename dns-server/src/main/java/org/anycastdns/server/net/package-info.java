/// The listeners: sockets and event loops around {@link org.anycastdns.server.serve.Responder}.
/// They pass batches of messages to it ({@link org.anycastdns.server.serve.RequestBatch}). This
/// package decides only about framing, which sources to ignore, and how many connections a client
/// may hold.
///
/// ```
///                  UDP thread 1 (MmsgLoop: Responder + MmsgBatch)
///   datagrams ---> UDP socket 1 of each address --> Responder --> responses, sent per batch
///
///                  event loop 1 (thread, Worker: Responder + scratch memory)
///   connections -> TCP socket --> TcpConnection ---> Worker --> responses, flushed per batch
///                  (shared)        |      (one per connection, always on the same loop;
///                                  |       TcpStreams: transfers, when no request waits)
///                                  v
///                            TcpConnections: all connections and their limits
///                            TcpClients: what is remembered of client networks
/// ```
///
/// Where the system has no recvmmsg(2), or if Netty is configured, the event loops serve the UDP
/// sockets too (UdpHandler with its PacketBatch). The threads of the first line then do not exist.
///
/// More than 20 types because each engine has its own, and each limit of connections is one.
@NullMarked
package org.anycastdns.server.net;

import org.jspecify.annotations.NullMarked;
