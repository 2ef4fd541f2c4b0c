/// Shows the state of a running responder to operators and other machines: health, lifeline,
/// metrics and status. It also takes their requests: reload, drain and resume.
///
/// ```
///   reload --ZonesStatus--> Vitals <--Traffic-- net (by Main)
///                             |
///        +--------------+-----+--------+
///        v              v              v
///    Lifeline        Metrics      StatusReport
///    (100 ms, Pulse)    |              |
///        +---- ResponderAdmin (HTTP) --+
/// ```
@NullMarked
package org.anycastdns.server.ops;

import org.jspecify.annotations.NullMarked;
