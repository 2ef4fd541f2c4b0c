/// UPDATE on a primary (RFC 2136): decisions only. A message and a view of the zone go in, an RCODE
/// or one change of the zone comes out; sockets, clocks, locks and storage are elsewhere.
///
/// ```
///   WholeMessage -> UpdateRequest -> ZoneUpdates.decide(ZoneView, ...)
///                                      UpdatePolicy     who may change what: REFUSED first of all
///                                      Prerequisites    RFC 2136 section 3.2
///                                      Prescan          section 3.4.1
///                                      ChangedZone      section 3.4.2: a copy of the names touched
///                                      ResultCheck      limits, and what no zone file may hold
///                                   -> UpdateResult: Rejected(RCODE) | Unchanged | Changed(IxfrStep)
/// ```
///
/// The cost is that of the names that the message touches, not that of the zone.
@NullMarked
package org.anycastdns.server.transfer.update;

import org.jspecify.annotations.NullMarked;
