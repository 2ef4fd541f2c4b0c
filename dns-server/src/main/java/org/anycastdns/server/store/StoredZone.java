package org.anycastdns.server.store;

import java.util.OptionalInt;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// A zone in a {@link ZoneStore}.
///
/// @param soa the SOA record of its last version
/// @param timers when a primary confirmed this version; null for a zone that has no primary
/// @param recordCount records of this version
/// @param newestSerial the newest serial of all versions; empty if it is the one of this version
public record StoredZone(
        Name name,
        SoaRecord soa,
        ZoneTimers.@Nullable Saved timers,
        long recordCount,
        OptionalInt newestSerial) {}
