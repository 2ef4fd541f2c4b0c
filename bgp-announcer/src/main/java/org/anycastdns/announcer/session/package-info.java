/// The BGP session as a pure function (RFC 4271 section 8): no socket, no clock, no thread. The
/// driver feeds events and carries out the actions.
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
/// [NeighborConnections] runs it for each connection of a neighbor. There are two connections while
/// both ends connect at the same time.
///
/// More than 20 types because each value that goes into the function or comes out of it is one.
@NullMarked
package org.anycastdns.announcer.session;

import org.jspecify.annotations.NullMarked;
