/// Checks the records of a zone together, for mistakes that no single line of a master file shows.
///
/// ```
///   ZoneCheck    runs the others, for parts of the owners in parallel
///     ZoneCuts     where the zone is delegated or redirected; collected before the checks
///     ApexCheck    SOA, NS and proofs of nonexistence at the apex
///     OwnerCheck   each owner: records that belong elsewhere or are never answered
///       HostCheck    hosts that NS, MX and SRV records name
///     SetSizes     record sets that fit into no message
///     SetCheck     duplicates and conflicts within a set or beside a CNAME
///   SignatureCheck  when signatures expire; depends on the time
/// ```
@NullMarked
package org.anycastdns.server.zonefile.check;

import org.jspecify.annotations.NullMarked;
