/// Zones for secondaries: answers AXFR, IXFR and NOTIFY, keeps the versions of zones, and tells
/// secondaries of new ones.
///
/// ```
///   reload thread --RecordsReceiver--> PrimaryZones (thread `primary`): difference, history
///                                        -> KeptVersions: across restarts, in a store
///                                        -> Notifier: NOTIFY to each target, replies, retries
///   event loops, udp-N --ControlDoor--> PrimaryDoor: access, ProvidedZone -> OutgoingStream
/// ```
@NullMarked
package org.anycastdns.server.transfer.primary;

import org.jspecify.annotations.NullMarked;
