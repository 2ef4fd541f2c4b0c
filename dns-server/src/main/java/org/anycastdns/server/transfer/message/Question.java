package org.anycastdns.server.transfer.message;

import org.anycastdns.server.wire.Name;

/// One entry of the question section, or of the zone section of an UPDATE (RFC 1035 section 4.1.2,
/// RFC 2136 section 2.3).
///
/// @param type 0 to 65535
/// @param recordClass 0 to 65535
public record Question(Name name, int type, int recordClass) {}
