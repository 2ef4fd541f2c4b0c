/// The comparison as a user runs it.
@NullMarked
package org.anycastdns.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
