/// What to announce, given how well the responder does and what the operator wants. A verdict is a
/// lease: it holds until a moment and has to be renewed, so that a health loop that hangs cannot
/// keep a route alive.
///
/// ```
///  Health ──> Decision.of ──> SoftDelay ──> HoldDown ──> Fleet ──> Drain ──> Lease ──> speaker
///             Announce        soft evidence  no flaps     never     no query  ran out:
///             Depreference    must last                   the last  lost      Withdraw(HUNG)
///             Withdraw        └────────────────── Course ──────────────────┘
/// ```
@NullMarked
package org.anycastdns.announcer.decision;

import org.jspecify.annotations.NullMarked;
