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
/// All servers of a round run at the same time, each at its own address. Servers that are not being
/// measured are frozen, so that measurements can alternate between servers quickly.
@NullMarked
package org.anycastdns.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
