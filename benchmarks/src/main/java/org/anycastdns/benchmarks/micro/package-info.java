/// JMH benchmarks of the answer path. Run them with `-prof gc`: every response class is expected to
/// show 0 B/op.
@NullMarked
package org.anycastdns.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
