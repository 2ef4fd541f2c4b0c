/// What operators and the machines around see of a running responder: health, lifeline, metrics,
/// status; and what they may ask of it: reload, drain, resume.
///
/// ```
///   reload --ZonesStatus--> Vitals <--Traffic-- net (by Main)
///                             |
///        +--------------+-----+--------+
///        v              v              v
///    Lifeline        Metrics      StatusReport
///    (100 ms, Pulse)    |              |
///        +------ AdminServer (HTTP) ---+
/// ```
@NullMarked
package org.anycastdns.server.ops;

import org.jspecify.annotations.NullMarked;
