package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.List;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The state of all zones at one moment; immutable.
///
/// @param set the zones to serve
/// @param zones the state of every known zone, in canonical order
/// @param problems with the folder and the names of its files
/// @param last the last load or reload that found something to do
/// @param lastSuccess when the last one without an error ended
public record ZonesStatus(
        ZoneSet set,
        List<ZoneState> zones,
        List<Problem> problems,
        ReloadResult last,
        @Nullable Instant lastSuccess,
        Counts counts) {

    /// Counts of loads and reloads by outcome, and of faults in zones.
    ///
    /// @param internalErrors internal errors while one zone was processed
    /// @param serialWarnings versions that were loaded although their serial is not greater
    public record Counts(
            long ok, long failed, long refused, long internalErrors, long serialWarnings) {

        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(ReloadResult.Outcome outcome) {
            return switch (outcome) {
                case OK -> new Counts(ok + 1, failed, refused, internalErrors, serialWarnings);
                case FAILED -> new Counts(ok, failed + 1, refused, internalErrors, serialWarnings);
                case REFUSED -> new Counts(ok, failed, refused + 1, internalErrors, serialWarnings);
            };
        }

        Counts plusInternalError() {
            return new Counts(ok, failed, refused, internalErrors + 1, serialWarnings);
        }

        Counts plusSerialWarning() {
            return new Counts(ok, failed, refused, internalErrors, serialWarnings + 1);
        }
    }

    /// Returns the number of zones in a condition.
    public int count(ZoneState.Condition condition) {
        return (int) zones.stream().filter(zone -> zone.condition() == condition).count();
    }

    /// Returns the number of zones whose files are incomplete or on a file system that does not
    /// answer.
    public int waitingCount() {
        return (int) zones.stream().filter(zone -> !zone.waiting().isEmpty()).count();
    }

    /// Returns the number of zones that are answered from their data.
    public int availableCount() {
        return (int) set.zones().stream().filter(zone -> zone.available()).count();
    }

    /// Returns the number of records of all zones in service.
    public long recordCount() {
        return set.zones().stream().mapToLong(zone -> zone.recordCount()).sum();
    }
}
