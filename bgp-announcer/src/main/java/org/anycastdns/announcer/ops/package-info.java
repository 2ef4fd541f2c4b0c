/// What the operator uses while the program runs: the admin HTTP server, the metrics and the
/// status. All of them are built from one snapshot.
///
/// ```
///  Controls.snapshot() --> StatusJson --> GET /status --> StatusText (the status command)
///                     '--> Metrics -----> GET /metrics
///  Controls.drain, resume <-------------- POST /drain, /resume
/// ```
@NullMarked
package org.anycastdns.announcer.ops;

import org.jspecify.annotations.NullMarked;
