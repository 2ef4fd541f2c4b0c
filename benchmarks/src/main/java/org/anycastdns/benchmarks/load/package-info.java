/// The load generator. It sends queries at a fixed rate whether or not they are answered (an "open
/// loop"), as real clients do. A server that falls behind therefore cannot slow down the
/// measurement.
///
/// ```
///   file --> QuerySet (wire format, ready to send)
///               |                                            Expectations
///               v                                                 |
///   schedule -> Generator -- sendmmsg, many source ports -> server v
///                  ^---------------- recvmmsg ------------- answers, checked --> Report
/// ```
///
/// One thread does all of it and never blocks, so it needs a core for itself. Latency counts from
/// the time at which a query was due, so that delays of the generator or the server are visible.
@NullMarked
package org.anycastdns.benchmarks.load;

import org.jspecify.annotations.NullMarked;
