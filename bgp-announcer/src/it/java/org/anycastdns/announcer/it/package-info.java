/// The built announcer as a process, beside a real responder and a real router.
///
/// ```
/// namespace "pop"                                namespace "router"
/// dns-server 192.0.2.53:53 <- bgp-announcer ==BGP== BIRD 198.51.100.1
///                             198.51.100.2
/// ```
@NullMarked
package org.anycastdns.announcer.it;

import org.jspecify.annotations.NullMarked;
