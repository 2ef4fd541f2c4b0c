/// Generated zones served by the built programs.
///
/// ```
///   workload -> test.zone -> dns-server, knotd -> the same questions -> equal replies
/// ```
@NullMarked
package org.anycastdns.benchmarks.it;

import org.jspecify.annotations.NullMarked;
