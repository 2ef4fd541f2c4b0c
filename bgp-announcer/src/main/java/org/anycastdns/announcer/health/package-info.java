/// How well the responder does, judged from what was seen and nothing else: observations go in, a
/// graded [org.anycastdns.announcer.health.Health] with its reasons comes out. No clock and no I/O:
/// time enters as ticks, so that a pause of our own process is never held against the responder.
///
/// ```
///  Probed(UDP) ──┐              ┌─ Streak udp ─┐
///  Probed(TCP) ──┤              ├─ Streak tcp ─┤
///  Beat, Closed ─┼─> Evidence ──┼─ Lifeline ───┼──> Health: Healthy | Degraded | Failed | Draining
///  Tick ─────────┤              ├─ Report ─────┤           each with its reasons
///  Reported ─────┤              ├─ address ────┤
///  Located ──────┤              └─ rate ───────┘
///  Rated ────────┘ <── QueryRate <── the count on each Beat
/// ```
@NullMarked
package org.anycastdns.announcer.health;

import org.jspecify.annotations.NullMarked;
