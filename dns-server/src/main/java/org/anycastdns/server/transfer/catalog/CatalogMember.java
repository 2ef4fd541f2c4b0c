package org.anycastdns.server.transfer.catalog;

import org.anycastdns.server.wire.Name;

/// A zone that a catalog lists (RFC 9432 section 4.1).
///
/// @param label the unique label of its node, as a name of one label. Another label means that the
///   zone starts afresh (section 5.4)
public record CatalogMember(Name zone, Name label, MemberProperties properties) {}
