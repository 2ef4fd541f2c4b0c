package org.anycastdns.server.transfer;

import org.anycastdns.server.zone.build.Records;

/// The change from one version of a zone to a later one (RFC 1995 section 4). Deletes come first,
/// so that a record in both is in the zone afterwards. The TTLs of deletes do not count. The SOA
/// records are in neither list.
///
/// @param from the SOA record of the version before
/// @param to the SOA record of the version after
public record IxfrStep(SoaRecord from, Records deletes, SoaRecord to, Records adds) {}
