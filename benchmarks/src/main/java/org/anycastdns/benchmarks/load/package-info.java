/// The load generator: queries at a fixed rate whether or not they are answered ("open loop"), as
/// clients send them, so that a server that falls behind cannot slow down who measures it.
///
/// ```
///   file --> QuerySet (wire format, ready to send)
///               |                                            Expectations
///               v                                                 |
///   schedule -> Generator -- sendmmsg, many source ports -> server v
///                  ^---------------- recvmmsg ------------- answers, checked --> Report
/// ```
///
/// One thread, which never waits: it wants a core for itself. A latency counts from the time at
/// which the query should have left by the schedule; when the generator or the server is late, that
/// shows.
@NullMarked
package org.anycastdns.benchmarks.load;

import org.jspecify.annotations.NullMarked;
