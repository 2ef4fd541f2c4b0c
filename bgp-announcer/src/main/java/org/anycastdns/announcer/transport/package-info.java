/// TCP connections for BGP, split into messages, and UDP datagrams for BFD. This package does not
/// interpret their content.
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
