/// The signed heartbeats that sites send each other over UDP, between unicast addresses. With them
/// a site knows how many others are out of service before it withdraws. It needs no DNS and no
/// external service, and clocks that are right to within half a minute.
///
/// ```
///  stance --> Beacon --Heartbeat, HMAC-SHA-256--> every other site
///  sink   <-- Beacon <-- HeartbeatFilter: addresses, signature, time, name, sequence -- any site
/// ```
@NullMarked
package org.anycastdns.announcer.fleet;

import org.jspecify.annotations.NullMarked;
