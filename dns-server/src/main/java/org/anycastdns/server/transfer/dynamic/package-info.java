/// Zones that clients change by UPDATE (RFC 2136). A zone begins with its file; from then on the
/// version in the state folder counts.
///
/// ```
///   event loops, udp-N --ControlDoor--> UpdateDoor: zone, key; the rest waits in a bounded queue
///     -> DynamicZones (thread `update`): ZoneUpdates.decide -> ZoneStore.change
///          many at once -> ZoneStore.sync -> UpdateReply, NOERROR
///          -> pool `build`: ImageFactory -> Delivery.Changed -> served; NOTIFY and IXFR follow
///   reload thread --RecordsReceiver.takesOver--> a new version of the file, if its serial is newer
/// ```
@NullMarked
package org.anycastdns.server.transfer.dynamic;

import org.jspecify.annotations.NullMarked;
