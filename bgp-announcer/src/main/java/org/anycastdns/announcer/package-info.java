/// The announcer: its commands, and the running program that connects probes, health, decision and
/// speakers.
///
/// ```
///  Probes ---------------+-> HealthLoop -DecisionPipeline-> LeasedDecision -Routes-> Speakers
///  operator (admin HTTP) +  (one thread)                      ^       |     (one thread: sessions)
///  MaintenanceFile ------+                    Watchdog -------'       '-> Hook, log line, metrics
///  Beacon (other sites) -'        withdraws when the lease runs out
/// ```
@NullMarked
package org.anycastdns.announcer;

import org.jspecify.annotations.NullMarked;
