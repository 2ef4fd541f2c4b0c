package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import org.anycastdns.server.zonefile.ReadRules;

/// Where zones come from, and how they are read.
///
/// @param path a folder of zone files, or an image of zones
/// @param slots assigns the query counters
/// @param clock determines which signatures have expired
/// @param receiver wants the records of some zones
record ZoneSource(
        Path path, CounterSlots slots, ReadRules rules, Clock clock, RecordsReceiver receiver) {

    /// Returns a folder that is read once, without query counters.
    static ZoneSource once(Path folder, ReadRules rules, Clock clock) {
        return new ZoneSource(
                folder, new CounterSlots(0, 0, 0), rules, clock, RecordsReceiver.NONE);
    }
}
