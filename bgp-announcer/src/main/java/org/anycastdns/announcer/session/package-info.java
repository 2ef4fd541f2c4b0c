/// The BGP session as a function: what a neighbour may see of us, decided without a socket, a clock
/// or a thread (RFC 4271 section 8). The driver feeds events and carries out the actions.
///
/// ```
///             Event                                   Action
///   Start, Stop, Connected, Closed, .----------.  Connect, Send, Close,
///   Expired, Sent, Received,       ->| Session  |-> Arm, Disarm, Up, Down,
///   Garbled, Advertise              |   .on    |  Deliver, Refuse
///                       State ----->'----------'-> State
///   Idle, Connect, Active, OpenSent, OpenConfirm, Established(peer, announced)
/// ```
///
/// [Tracks] runs it for one neighbour, with a second connection beside the first while both ends
/// connect at the same time.
@NullMarked
package org.anycastdns.announcer.session;

import org.jspecify.annotations.NullMarked;
