/// The announcer: the program's entry point; wiring only.
@NullMarked
package org.anycastdns.announcer;

import org.jspecify.annotations.NullMarked;
