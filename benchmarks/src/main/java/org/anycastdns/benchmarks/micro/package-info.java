/// JMH benchmarks of the answer path, stage by stage. `benchmarks micro` runs them, and holds them
/// to their limits: no allocation in any class of response, and a time for the frequent ones.
@NullMarked
package org.anycastdns.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
