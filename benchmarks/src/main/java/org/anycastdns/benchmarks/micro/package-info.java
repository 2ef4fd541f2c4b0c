/// JMH benchmarks of the answer path, stage by stage. `benchmarks micro` runs them and checks their
/// limits: no response may allocate, and the frequent kinds of response have a time limit.
@NullMarked
package org.anycastdns.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
