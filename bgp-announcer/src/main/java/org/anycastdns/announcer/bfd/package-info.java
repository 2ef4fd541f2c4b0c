/// Bidirectional Forwarding Detection as a pure function: no socket, no clock, no thread. It speaks
/// single hop in asynchronous mode (RFC 5880, RFC 5881). The driver feeds events and carries out
/// the actions. The Echo function and Demand mode are not supported. [BfdSeal] signs packets.
///
/// ```
///   datagram -> BfdCodec -> Packet or Discard
///                              |
///             BfdEvent         v                BfdAction
///   Start, Stop,        .------------.  Send(packet), Arm, Disarm,
///   Received(packet), ->| BfdSession |-> Up, Down, Discarded
///   Expired(timer)      |    .on     |
///          BfdState --->'------------'-> BfdState
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
