/// What any daemon needs, neither DNS nor BGP: threads that never die unseen, signals, who may ask
/// the admin HTTP, bounds on configuration files. It stands in both programs alike and imports
/// nothing of either.
@NullMarked
package org.anycastdns.announcer.daemon;

import org.jspecify.annotations.NullMarked;
