/// The announcer: the commands, and the running program that wires probes, health, decision and
/// speaker together.
///
/// ```
///  Probes ──> HealthLoop ──Course──> Verdicts ──Routes──> Speakers (one thread: sessions)
///  operator (admin HTTP) ┤ (one thread)  ^  └──> Hook, log line, metrics
///  MaintenanceFile ──────┤      Watchdog ┘ withdraws when the lease runs out
///  Beacon (other sites) ─┘
/// ```
@NullMarked
package org.anycastdns.announcer;

import org.jspecify.annotations.NullMarked;
