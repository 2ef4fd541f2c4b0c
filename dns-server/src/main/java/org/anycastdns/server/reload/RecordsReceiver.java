package org.anycastdns.server.reload;

import java.nio.file.Path;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;

/// Receives the records of zones that are not only answered from, but also given to secondaries.
/// Its methods must return at once and not throw.
public interface RecordsReceiver {

    /// Wants no records.
    RecordsReceiver NONE =
            new RecordsReceiver() {
                @Override
                public boolean wants(Name zone) {
                    return false;
                }

                @Override
                public void loaded(Name zone, Records records) {}

                @Override
                public void removed(Name zone) {}
            };

    /// Returns whether the records of a zone are wanted. Any thread may call this.
    boolean wants(Name zone);

    /// Returns whether the receiver learns the changes of a zone from whoever makes them, so that
    /// it needs the records of versions that are built as a whole only. Any thread may call this.
    default boolean followsChanges(Name zone) {
        return false;
    }

    /// Takes the records of a version that is in service now. Called by the thread that swaps.
    ///
    /// @param records all records that are served; the receiver's own
    void loaded(Name zone, Records records);

    /// Offers a good version of a file, before it is served. Called by the thread that swaps.
    ///
    /// @param file the zone's file, for messages
    /// @param records all records that would be served; the receiver's own if it takes them
    /// @return whether the receiver decides about the version. Then it is not served, and what
    ///   becomes of it is delivered.
    default boolean takesOver(Name zone, Path file, Records records) {
        return false;
    }

    /// Notes that a version of a file is not served. Called by the thread that swaps.
    ///
    /// @param problem why, with the file
    default void refused(Name zone, Problem problem) {}

    /// Notes that a zone is not in service any more. Called by the thread that swaps.
    void removed(Name zone);
}
