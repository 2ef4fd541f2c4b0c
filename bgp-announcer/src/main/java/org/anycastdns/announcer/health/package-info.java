/// Grades the responder's health from observations only. Observations go in, a graded
/// [org.anycastdns.announcer.health.Health] with its reasons comes out. It has no clock and no I/O.
/// Time enters as ticks, so a pause of our own process never counts against the responder.
///
/// ```
///  Probed(UDP) --.              .- Streak udp -.
///  Probed(TCP) --+              +- Streak tcp -+
///  Beat, Closed -+-> Evidence --+- Lifeline ---+--> Health: Healthy | Degraded | Failed | Draining
///  Tick ---------+              +- Report -----+           each with its reasons
///  Reported -----+              +- address ----+
///  Located ------+              '- rate -------'
///  Rated --------' <-- QueryRate <-- the count on each Beat
/// ```
@NullMarked
package org.anycastdns.announcer.health;

import org.jspecify.annotations.NullMarked;
