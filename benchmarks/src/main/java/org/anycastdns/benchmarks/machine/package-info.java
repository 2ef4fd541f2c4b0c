/// The comparison at work: network namespaces, control groups, processes, clocks.
///
/// ```
///   CompareCommand (root's shell)                    namespace S, core of the server
///     makes Network, Groups, a folder                  RunningServer: ours, Knot, NSD, ...
///     starts itself inside, cleans up after all          one address and control group each
///       |                                                    |
///       v     namespace G, core of the generator           veth
///     Procedure -> Gauges: load.Generator, kxdpgun, dnsperf, Connections
/// ```
///
/// All servers of a round run at the same time, each at an address of its own; those that are not
/// being measured are frozen, so that figures are taken of one after the other in quick turns.
@NullMarked
package org.anycastdns.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
