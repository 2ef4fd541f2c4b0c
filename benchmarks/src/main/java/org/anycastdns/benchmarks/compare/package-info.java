/// What a comparison of name servers consists of: scenarios, contestants and how each is set up,
/// the figures that are taken, and what is made of them. Pure: texts in, texts out; the package
/// `machine` runs it.
///
/// ```
///   Scenario   Contestant --Place--> Recipe (files, command lines)
///       \         /
///      (measured, Metric)  -->  Results  -->  MarkdownReport, JsonReport, Plot
/// ```
@NullMarked
package org.anycastdns.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
