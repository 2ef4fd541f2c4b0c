/// Decides what to announce, from the health of each service and the orders of the operator. Every
/// service has its own pipeline and decision. The decisions are valid for the length of one lease
/// and must be renewed, so that a hung health loop cannot keep a route announced.
///
/// ```
///  Health ──> Decision.of ──> SoftDelay ──> HoldDown ──> Fleet ──> Drain ──> Lease ──> routes
///             Announce        soft evidence  no flaps     never     no query  ran out:
///             Depreference    must last                   the last  lost      Withdraw(HUNG)
///             Withdraw        └────────────────── DecisionPipeline ──────────────────┘
///
///  DecisionPipeline (dns) --Decision-.
///  DecisionPipeline (web) --Decision-+--> Decisions --> Lease
/// ```
@NullMarked
package org.anycastdns.announcer.decision;

import org.jspecify.annotations.NullMarked;
