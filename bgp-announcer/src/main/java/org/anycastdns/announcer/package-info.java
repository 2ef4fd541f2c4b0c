/// The announcer's composition root: [org.anycastdns.announcer.Main] names the commands, and
/// [org.anycastdns.announcer.Announcer] connects the parts of a running announcer.
///
/// ```
///  check.Probes ---------------+-> loop.HealthLoop -> loop.LeasedDecision -> driver.Speakers
///  operator (ops: admin HTTP) -+   (one thread)           ^        |    (one thread: sessions)
///  host.MaintenanceFile -------+                 loop.Watchdog      '-> host.Hook, log, metrics
///  fleet.Beacon (other sites) -'        withdraws when the lease runs out
/// ```
@NullMarked
package org.anycastdns.announcer;

import org.jspecify.annotations.NullMarked;
