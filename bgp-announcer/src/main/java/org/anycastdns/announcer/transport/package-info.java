/// TCP connections that carry BGP, octets cut into messages, and datagrams that carry BFD; nothing
/// is understood.
///
/// ```
///   Transport.connect / listen          Connection.Listener
///        |                               connected, received(octets of one message), closed
///        v                                    ^
///     channel --> FrameDecoder --> ConnectionHandler
///     channel <-- Connection.send, close (flushes first)
///
///   Datagrams.listen --> TtlFilter (in the kernel) --> Listener
///   Datagrams.open   --> Outgoing.send
/// ```
@NullMarked
package org.anycastdns.announcer.transport;

import org.jspecify.annotations.NullMarked;
