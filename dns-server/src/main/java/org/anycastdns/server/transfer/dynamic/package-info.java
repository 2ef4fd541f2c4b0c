/// Zones that clients change by UPDATE (RFC 2136). A zone begins with its file; from then on the
/// version in the state folder counts.
///
/// ```
///   event loops, udp-N --ControlDoor--> UpdateDoor: zone, key, WaitingPlaces; the rest waits
///     -> DynamicZones (thread `update`): ZoneUpdates.decide -> StoredChanges.change
///          many at once -> StoredChanges.sync -> UpdateReply, NOERROR
///          -> ServedVersions, pool `build`: an overlay of a large zone (ChangingVersion), or the
///             image of a small one -> Delivery.Changed -> served
///          -> what changed, once it is in service -> NOTIFY and IXFR
///   reload thread --RecordsReceiver.takesOver--> FileVersions: a new version of the file, if its
///     serial is newer; while the zone is frozen, it waits for the operator
/// ```
@NullMarked
package org.anycastdns.server.transfer.dynamic;

import org.jspecify.annotations.NullMarked;
