/// What to announce, given how well the responder does. A verdict is a lease: it holds until a
/// moment and has to be renewed, so that a health loop that hangs cannot keep a route alive.
///
/// ```
///  Health ──> Decision.of ──> Announce(prefixes) ──> Lease(decision, until) ──> at(now) ──> speaker
///                             Withdraw(reasons)                 └─ ran out: Withdraw(HUNG)
/// ```
@NullMarked
package org.anycastdns.announcer.decision;

import org.jspecify.annotations.NullMarked;
