/// What measures and what is measured with: `benchmarks generate` writes the zones and queries of
/// package `workload` to files; package `micro` has the JMH benchmarks.
///
/// ```
///   Main -> Generate -> workload -> files, or standard output
/// ```
@NullMarked
package org.anycastdns.benchmarks;

import org.jspecify.annotations.NullMarked;
