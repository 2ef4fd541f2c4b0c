/// The other side of a measured zone transfer: a primary that sends prepared octets, and a client
/// that discards what it gets. Neither does work that would hide the work of the measured server.
///
/// ```
///   ZoneSeries -> PreparedVersion -> CannedPrimary --AXFR, IXFR, NOTIFY--> secondary
///                                                   <-------SOA queries--- SerialPoll
///   primary --AXFR--> DiscardingClient
/// ```
@NullMarked
package org.anycastdns.benchmarks.transfer;

import org.jspecify.annotations.NullMarked;
