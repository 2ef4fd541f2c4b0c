/// Catalog zones (RFC 9432): zones that list the zones to serve. Decisions only, as in the package
/// above.
///
/// ```
///   records of a catalog --Catalog.read--> members, or why it is broken
///   versions, configured zones, force --> Membership --> MemberActions, octets to save
///   zones of a primary --> CatalogProducer --> Records, IxfrStep
/// ```
///
/// How a service of secondary zones uses this, on its one thread:
///
/// 1. Each configured catalog is a secondary zone like any other, stored and refreshed. Create a
///    {@link Membership} with the catalogs in the configured order and all zones of files and of
///    `secondary`; tell {@code configured} when these change.
/// 2. At the start: {@code restore} what was saved, carry out the actions, save a new {@code
///    snapshot}. Serve each `Keep` from the store. Drop stored zones that are neither configured
///    nor members: they were removed while the program ended. Then give each catalog's stored
///    records to {@code whole}, also of an expired one.
/// 3. After each transfer of a catalog: {@code whole} for an AXFR, {@code changed} with all steps
///    of an IXFR. Expiry and failed transfers are no input: members stay. Save after the actions
///    are carried out, not before: actions may be repeated, but a forgotten `Reset` is lost.
/// 4. `Add` and `Reset` make a secondary zone without data, whose primaries are asked at once; with
///    the template of the group, or the catalog's default template. `Keep` changes catalog and
///    template of a zone and nothing else. `Remove` drops the zone and its data. If actions wait in
///    a queue, the last one of a zone counts, and `Remove` before `Add` is `Reset`. `Yield` leaves
///    zone and data to the configuration. `Alarm` and `Resumed` are log lines.
/// 5. The operator forces a catalog that is held back by {@code force}; {@code status} is for the
///    status page.
///
/// A primary gives its zones to {@link CatalogProducer}, stores and notifies as for any other zone,
/// and gives the stored version to {@code resume} at the start.
@NullMarked
package org.anycastdns.server.transfer.catalog;

import org.jspecify.annotations.NullMarked;
