package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.jspecify.annotations.Nullable;

/// How one zone stands.
///
/// @param zone what is served, or null when nothing is
/// @param since when it came into this condition
/// @param loadedAt when the served version was built; the start of the condition when nothing is
///   served
/// @param problems what the last attempt found, warnings too; places in files
/// @param zonemd what became of the verification of the served version by ZONEMD
/// @param waiting why the newest version of its file is not read yet, or empty
public record ZoneState(
        Name apex,
        @Nullable Zone zone,
        Condition condition,
        Instant since,
        Instant loadedAt,
        List<Problem> problems,
        ZonemdStatus zonemd,
        String waiting) {

    /// Whether the zone is served, and how well.
    public enum Condition {
        /// The newest version is served.
        SERVED,
        /// The last good version is served; the newest one is bad or was refused.
        STALE,
        /// It is known and could not be loaded: queries get SERVFAIL.
        UNAVAILABLE,
        /// Its file came while the server ran, and is still being written, or is bad and a zone
        /// above it is served: queries are answered as if it were not there. What answered its
        /// names until then goes on until it has loaded once, for a bad file must not cost a good
        /// zone its answers. A bad one with no served zone above is UNAVAILABLE at once. At the
        /// start every bad one is: it may have been served before, and a zone above would deny its
        /// names.
        ABSENT
    }

    /// The same with the zone's image elsewhere.
    ZoneState moved(Zone image) {
        return new ZoneState(apex, image, condition, since, loadedAt, problems, zonemd, waiting);
    }

    /// The same as a zone that gets SERVFAIL.
    ZoneState unavailable(Zone empty, Instant at) {
        return new ZoneState(apex, empty, Condition.UNAVAILABLE, at, at, problems, zonemd, waiting);
    }

    /// The same with another reason for waiting.
    ZoneState waits(String reason) {
        return reason.equals(waiting)
                ? this
                : new ZoneState(apex, zone, condition, since, loadedAt, problems, zonemd, reason);
    }

    /// The same with one more problem.
    ZoneState with(Problem problem) {
        List<Problem> more = new ArrayList<>(problems);
        more.add(problem);
        return new ZoneState(
                apex, zone, condition, since, loadedAt, List.copyOf(more), zonemd, waiting);
    }

    /// Whether queries for the zone are answered from its data.
    public boolean available() {
        return zone != null && zone.available();
    }

    /// The first error of the last attempt, with its place; empty when there was none.
    public String error() {
        return problems.stream()
                .filter(Problem::isError)
                .findFirst()
                .map(Problem::toString)
                .orElse("");
    }

    /// The first warning of the last attempt, with its place; empty when there was none.
    public String warning() {
        return problems.stream()
                .filter(problem -> !problem.isError())
                .findFirst()
                .map(Problem::toString)
                .orElse("");
    }

    /// Number of warnings of the last attempt.
    public int warningCount() {
        return problems.size() - errorCount();
    }

    /// Number of errors of the last attempt.
    public int errorCount() {
        return (int) problems.stream().filter(Problem::isError).count();
    }
}
