/// Runs the comparison: network namespaces, control groups, processes, clocks.
///
/// ```
///   CompareCommand (root's shell)                    namespace S, core of the server
///     creates Network, Groups, a folder                RunningServer: ours, Knot, NSD, ...
///     starts itself inside, cleans up at the end         each: own address, own control group
///       |                                                    |
///       v     namespace G, core of the generator           veth
///     Procedure -> Steps -> Gauges: load.Generator, kxdpgun, dnsperf, Connections
/// ```
///
/// For transfers, TransferProcedure takes one server after the other through the rows
/// (SecondaryRows, StreamRow, PrimaryRows, CatalogRows, LookupRow). Each is started for one row and
/// alone.
///
/// All servers of any other round run at the same time, each at its own address. Servers that are
/// not being measured are frozen, so that measurements can alternate between servers quickly.
///
/// More than 20 types because each row of the comparison of transfers is one, and all use the same
/// processes, groups and networks, which are of no use elsewhere.
@NullMarked
package org.anycastdns.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
