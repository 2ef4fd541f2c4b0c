/// Grades the health of a service from observations only. Observations go in, a graded
/// [org.anycastdns.announcer.health.Health] with its reasons comes out. It has no clock and no I/O.
/// Time enters as ticks, so a pause of our own process never counts against the service.
///
/// ```
///  Probed(UDP) --.              .- Streak udp -.
///  Probed(TCP) --+              +- Streak tcp -+
///  Beat, Closed -+-> Evidence --+- Lifeline ---+--> Health: Healthy | Degraded | Failed | Draining
///  Tick ---------+              +- Report -----+           each with its reasons
///  Reported -----+              +- address ----+
///  Located ------+              '- rate -------'
///  Rated --------' <-- QueryRate <-- the count on each Beat
///
///  a service:   Evidence (of its dns-server, if it has one) --.
///               Checked, Tick -> CheckState of each check ----+--> ServiceEvidence --> Health
///                                  k of n hard checks up, soft checks only degrade
/// ```
@NullMarked
package org.anycastdns.announcer.health;

import org.jspecify.annotations.NullMarked;
