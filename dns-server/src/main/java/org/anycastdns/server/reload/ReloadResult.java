package org.anycastdns.server.reload;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.problem.Problem;

/// The result of one reload.
///
/// @param loaded zones with a new version in service
/// @param removed zones no longer in service
/// @param waiting zones whose files are not read yet, for example because they are still being
///   written
/// @param problems errors that kept old versions in service, including refusals
public record ReloadResult(
        Outcome outcome,
        Instant at,
        long milliseconds,
        List<Name> loaded,
        List<Name> removed,
        List<Name> waiting,
        List<Problem> problems) {

    /// The outcome of a reload: that of the worst zone.
    public enum Outcome {
        /// All changes are in service, or there were none.
        OK,
        /// Something could not be read or has errors.
        FAILED,
        /// Too many zones or records would have been lost; force overrides this.
        REFUSED
    }

    /// Returns the result of work that began and ended at these times.
    static ReloadResult between(
            Instant start,
            Instant end,
            Outcome outcome,
            List<Name> loaded,
            List<Name> removed,
            Collection<Name> waiting,
            List<Problem> problems) {
        return new ReloadResult(
                outcome,
                end,
                Duration.between(start, end).toMillis(),
                List.copyOf(loaded),
                List.copyOf(removed),
                List.copyOf(waiting),
                List.copyOf(problems));
    }
}
