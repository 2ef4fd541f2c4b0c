package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.List;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.Problem;
import org.jspecify.annotations.Nullable;

/// Everything about the zones at one moment, immutable.
///
/// @param set what is to be served
/// @param zones state of every zone that is known, in canonical order
/// @param problems with the folder and the names of its files
/// @param last the last load or reload that found something to do
/// @param lastSuccess when the last one ended without an error
public record ZonesStatus(
        ZoneSet set,
        List<ZoneState> zones,
        List<Problem> problems,
        ReloadResult last,
        @Nullable Instant lastSuccess,
        Counts counts) {

    /// Loads and reloads so far, by outcome.
    public record Counts(long ok, long failed, long refused) {

        Counts plus(ReloadResult.Outcome outcome) {
            return switch (outcome) {
                case OK -> new Counts(ok + 1, failed, refused);
                case FAILED -> new Counts(ok, failed + 1, refused);
                case REFUSED -> new Counts(ok, failed, refused + 1);
            };
        }
    }

    /// Number of zones that are answered from their data.
    public int availableCount() {
        return (int) set.zones().stream().filter(zone -> zone.available()).count();
    }

    /// Records of all zones in service.
    public long recordCount() {
        return set.zones().stream().mapToLong(zone -> zone.recordCount()).sum();
    }
}
