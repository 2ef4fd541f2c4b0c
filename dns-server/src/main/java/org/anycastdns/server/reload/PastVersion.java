package org.anycastdns.server.reload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.Zone;
import org.jspecify.annotations.Nullable;

/// A version of a zone that was served before the present one, since the program started.
///
/// @param serial an unsigned number in an int
/// @param since when it was served first
/// @param records number of its records
/// @param digest of its content; null if it was replaced before that was computed
public record PastVersion(int serial, Instant since, int records, @Nullable ContentDigest digest) {

    /// The most versions that are remembered of a zone: those of a day with an update each hour.
    static final int COUNT_MAX = 24;

    /// Returns the versions before the next one, the oldest first.
    ///
    /// @param before those before the present one
    static List<PastVersion> with(List<PastVersion> before, Zone present, Instant since) {
        List<PastVersion> past = new ArrayList<>(before);
        past.add(
                new PastVersion(
                        present.serial(), since, present.recordCount(), present.digest().get()));
        return List.copyOf(past.subList(Math.max(0, past.size() - COUNT_MAX), past.size()));
    }
}
