/// TCP connections that carry BGP: octets cut into messages, nothing understood.
///
/// ```
///   Transport.connect / listen          Connection.Listener
///        |                               connected, received(octets of one message), closed
///        v                                    ^
///     channel --> FrameDecoder --> ConnectionHandler
///     channel <-- Connection.send, close (flushes first)
/// ```
@NullMarked
package org.anycastdns.announcer.transport;

import org.jspecify.annotations.NullMarked;
