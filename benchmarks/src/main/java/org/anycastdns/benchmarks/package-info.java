/// The benchmarks program. `benchmarks generate` writes the zones and queries of package `workload`
/// to files. Package `load` is the load generator, package `micro` has the JMH benchmarks, and
/// packages `compare` and `machine` compare name servers.
///
/// ```
///   Main -> Generate -> workload -> files, or standard output
/// ```
@NullMarked
package org.anycastdns.benchmarks;

import org.jspecify.annotations.NullMarked;
