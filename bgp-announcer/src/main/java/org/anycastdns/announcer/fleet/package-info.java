/// What sites tell each other: a signed heartbeat over UDP, from unicast address to unicast
/// address, so that each knows how many others are out before it goes as well. It needs no clock
/// but one that is right to half a minute, no name, and no service of anyone.
///
/// ```
///  stance ──> Beacon ──Heartbeat, HMAC-SHA-256──> every other site
///  sink   <── Beacon <──checked: site, signature, time, sequence── any other site
/// ```
@NullMarked
package org.anycastdns.announcer.fleet;

import org.jspecify.annotations.NullMarked;
