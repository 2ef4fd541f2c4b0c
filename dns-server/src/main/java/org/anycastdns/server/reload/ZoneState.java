package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The state of one zone.
///
/// @param zone the served version, or null if there is none
/// @param since when the zone entered this condition
/// @param loadedAt when the served version was built; the start of the condition if none is served
/// @param problems errors and warnings of the last attempt, with their places in files
/// @param zonemd the result of the ZONEMD verification of the served version
/// @param waiting why the newest version of its file is not read yet, or empty
/// @param past the versions that were served before, the oldest first
public record ZoneState(
        Name apex,
        @Nullable Zone zone,
        Condition condition,
        Instant since,
        Instant loadedAt,
        List<Problem> problems,
        ZonemdStatus zonemd,
        String waiting,
        List<PastVersion> past) {

    /// Whether the zone is served, and from which version.
    public enum Condition {
        /// The newest version is served.
        SERVED,
        /// The last good version is served; the newest one is bad or was refused.
        STALE,
        /// The zone is known but could not be loaded: queries get SERVFAIL.
        UNAVAILABLE,
        /// The zone appeared while the server ran and has not been loaded yet, because its file is
        /// still being written, or is bad and below a served zone. Queries are answered as if the
        /// zone did not exist, so that a bad file does not cost a good zone its answers.
        ///
        /// A bad file without a served zone above makes the zone UNAVAILABLE at once. At startup
        /// every bad file does: the zone may have been served before, and a zone above would deny
        /// its names.
        ABSENT
    }

    /// Returns this state with the zone's image in other memory.
    ZoneState moved(Zone image) {
        return new ZoneState(
                apex, image, condition, since, loadedAt, problems, zonemd, waiting, past);
    }

    /// Returns this state for a zone that gets SERVFAIL.
    ZoneState unavailable(Zone empty, Instant at) {
        return new ZoneState(
                apex, empty, Condition.UNAVAILABLE, at, at, problems, zonemd, waiting, past);
    }

    /// Returns this state with another reason for waiting.
    ZoneState waits(String reason) {
        return reason.equals(waiting)
                ? this
                : new ZoneState(
                        apex, zone, condition, since, loadedAt, problems, zonemd, reason, past);
    }

    /// Returns this state with one more problem.
    ZoneState with(Problem problem) {
        List<Problem> more = new ArrayList<>(problems);
        more.add(problem);
        return new ZoneState(
                apex, zone, condition, since, loadedAt, List.copyOf(more), zonemd, waiting, past);
    }

    /// Returns whether queries for the zone are answered from its data.
    public boolean available() {
        return zone != null && zone.available();
    }

    /// Returns the versions that were served since the start, the present one last.
    public List<PastVersion> versions() {
        return zone == null || !zone.available() ? past : PastVersion.with(past, zone, loadedAt);
    }

    /// Returns the first error of the last attempt, with its place; empty if there was none.
    public String error() {
        return problems.stream()
                .filter(Problem::isError)
                .findFirst()
                .map(Problem::toString)
                .orElse("");
    }

    /// Returns the first warning of the last attempt, with its place; empty if there was none.
    public String warning() {
        return problems.stream()
                .filter(problem -> !problem.isError())
                .findFirst()
                .map(Problem::toString)
                .orElse("");
    }

    /// Returns the number of warnings of the last attempt.
    public int warningCount() {
        return problems.size() - errorCount();
    }

    /// Returns the number of errors of the last attempt.
    public int errorCount() {
        return (int) problems.stream().filter(Problem::isError).count();
    }
}
