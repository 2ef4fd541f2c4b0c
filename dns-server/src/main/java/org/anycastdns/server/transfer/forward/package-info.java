/// Hands UPDATEs for zones of other servers on to their primaries (RFC 2136 section 6). The message
/// stays as the client signed it, but for its ID, and so does the response (RFC 8945 section 5.5):
/// this server needs no key for it.
///
/// ```
///   event loops, udp-N --ControlDoor--> UpdateForwarder: zone, bounds
///     -> ForwardedUpdate (event loop `forward`): one primary after the other, over TCP or TLS
///     -> the response of the first that answers; SERVFAIL if none does
/// ```
@NullMarked
package org.anycastdns.server.transfer.forward;

import org.jspecify.annotations.NullMarked;
