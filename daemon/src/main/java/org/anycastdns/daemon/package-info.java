/// What any daemon needs, neither DNS nor BGP: threads that never die unseen, signals, who may ask
/// the admin HTTP, bounds on configuration files. Both programs import it, and it imports nothing
/// of either.
@NullMarked
package org.anycastdns.daemon;

import org.jspecify.annotations.NullMarked;
