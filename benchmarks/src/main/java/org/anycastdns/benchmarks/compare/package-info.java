/// Parts of a comparison of name servers: scenarios, contestants and their setup, metrics and
/// reports. The package does no I/O; the package `machine` runs the comparison.
///
/// ```
///   Scenario   Contestant --Place--> Recipe (files, command lines)
///       \         /
///      (measured, Metric)  -->  Results  -->  MarkdownReport, JsonReport, Plot
/// ```
@NullMarked
package org.anycastdns.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
