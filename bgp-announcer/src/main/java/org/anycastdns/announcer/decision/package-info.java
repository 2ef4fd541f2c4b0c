/// Decides what to announce, from the health of the responder and the orders of the operator. A
/// decision is valid for the length of a lease and must be renewed, so that a hung health loop
/// cannot keep a route announced.
///
/// ```
///  Health ──> Decision.of ──> SoftDelay ──> HoldDown ──> Fleet ──> Drain ──> Lease ──> speaker
///             Announce        soft evidence  no flaps     never     no query  ran out:
///             Depreference    must last                   the last  lost      Withdraw(HUNG)
///             Withdraw        └────────────────── DecisionPipeline ──────────────────┘
/// ```
@NullMarked
package org.anycastdns.announcer.decision;

import org.jspecify.annotations.NullMarked;
