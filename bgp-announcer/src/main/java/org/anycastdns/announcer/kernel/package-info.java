/// System calls of Linux that Java has no interface for: descriptors of processes, by which the
/// kernel reports the end of a process at once.
@NullMarked
package org.anycastdns.announcer.kernel;

import org.jspecify.annotations.NullMarked;
