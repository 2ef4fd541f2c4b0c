/// The announcer: the commands, and the running program that wires probes, health, decision and
/// speaker together.
///
/// ```
///  Prober, LifelineClient ──> inbox ──> health loop ──> Verdicts ──advertise──> Speaker
///  operator (admin HTTP) ─────┘          (one thread)      ^
///                                                Watchdog ─┘ withdraws when the lease runs out
/// ```
@NullMarked
package org.anycastdns.announcer;

import org.jspecify.annotations.NullMarked;
