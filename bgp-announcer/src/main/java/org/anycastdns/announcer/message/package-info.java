/// BGP messages as values and as bytes (RFC 4271 section 4, with RFC 2918, 4760, 5492, 6793, 7606,
/// 8203, 9072). The codec never fails. Any input decodes to a message, to an UPDATE with errors
/// that RFC 7606 tolerates, or to the NOTIFICATION to send to the peer.
///
/// ```
///                   .--------- Codec(fourOctetAs) ---------.
///   Message ------->| encode                               |------> byte[] (19 to 4096 octets)
///   Decoded <-------| decode                        Reader |<------ byte[]
///     |             '--------------------------------------'
///     +- Intact(Message)
///     +- Tolerated(Update, faults)     treat-as-withdraw, attribute discard
///     +- Broken(Notification, reason)  what to send before closing
/// ```
///
/// More than 20 types because each kind of value in a message is one.
@NullMarked
package org.anycastdns.announcer.message;

import org.jspecify.annotations.NullMarked;
