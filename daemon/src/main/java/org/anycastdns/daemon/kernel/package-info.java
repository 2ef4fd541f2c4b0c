/// Makes system calls on Linux, for the packages that know which ones.
@NullMarked
package org.anycastdns.daemon.kernel;

import org.jspecify.annotations.NullMarked;
