/// Bidirectional Forwarding Detection as a function: single hop, asynchronous mode (RFC 5880, RFC
/// 5881), decided without a socket, a clock or a thread. The driver feeds events and carries out
/// the actions. Neither the Echo function nor Demand mode nor authentication is offered.
///
/// ```
///   datagram -> Codec -> Packet or Discard
///                          |
///             Event        v                    Action
///   Start, Stop,        .---------.  Send(packet), Arm, Disarm,
///   Received(packet), ->| Session |-> Up, Down, Discarded
///   Expired(timer)      |   .on   |
///            State ---->'---------'-> State
///
///                 Down heard            Init or Up heard
///       Down -----------------> Init -----------------> Up
///        ^ |________Init heard_________________________^ |
///        |                                               |
///        '--- silence for the detection time, or --------'   AdminDown: start, stop
///             Down or AdminDown heard
/// ```
@NullMarked
package org.anycastdns.announcer.bfd;

import org.jspecify.annotations.NullMarked;
