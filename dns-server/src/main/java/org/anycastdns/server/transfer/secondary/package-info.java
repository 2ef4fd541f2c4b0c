/// Keeps zones that come from primaries: asks them in time, takes what they send, and hands it on.
///
/// ```
///   NOTIFY, commands --.                        .--> Deliveries of the reloader --> served
///                      v                        |
///   SecondaryZones: inbox --> ZoneRounds: timers of each zone (ZoneTimers) --> TransferQueue
///                      ^                        |                                  |
///                      |                        v                                  v
///                      '-- VersionBuilder    ZoneStore         PrimaryClient: PrimaryRequest
///                          (pool of threads)                    (event loop, Requester)
///                                                               PrimaryStream, StandingStreams
/// ```
///
/// One thread, `transfer`, owns all zones and the store. A zone costs no thread and no timer: zones
/// are in one tree by the time at which something is due. The event loops `transfer-io` own
/// requests to primaries and parse what comes. The pool `build-N` checks records and builds images.
/// The thread `merge` builds zones anew whose overlays have grown ({@link ZoneMerges}), and `store`
/// writes large zones to disk and makes durable what was written ({@link StoreWriter}).
///
/// A catalog is such a zone too, but not served: {@link Catalogs} gives its versions to a {@code
/// Membership}, and {@link CatalogMembers} makes zones come and go as that says.
///
/// More than 20 types because zones, their versions, requests and catalogs are told apart, and all
/// share the one thread.
@NullMarked
package org.anycastdns.server.transfer.secondary;

import org.jspecify.annotations.NullMarked;
