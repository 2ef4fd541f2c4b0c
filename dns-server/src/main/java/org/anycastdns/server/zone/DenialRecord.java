package org.anycastdns.server.zone;

import org.anycastdns.server.wire.Name;

/// An NSEC or NSEC3 record with its owner: evidence that something does not exist (RFC 4034 section
/// 4, RFC 5155 section 3).
///
/// @param owner the NSEC's name, or the hashed name of an NSEC3
/// @param set the one record, with its signatures
public record DenialRecord(Name owner, RecordSet set) {}
