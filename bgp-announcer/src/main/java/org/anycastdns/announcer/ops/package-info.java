/// What the operator sees and says while the program runs: the admin HTTP, the metrics and the
/// status, all made from one snapshot.
///
/// ```
///  Controls.snapshot() ──> StatusJson ──> GET /status ──> StatusText (the status command)
///                     └──> Metrics ─────> GET /metrics
///  Controls.drain, resume <────────────── POST /drain, /resume
/// ```
@NullMarked
package org.anycastdns.announcer.ops;

import org.jspecify.annotations.NullMarked;
