package org.anycastdns.server.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Keeps zones across restarts, each with all records as they were given and the history of its
/// changes. Safe for several threads. A method that throws has changed nothing that the others
/// return.
///
/// What was written is durable after {@link #sync}. A zone whose files are damaged is not among
/// {@link #zones} any more; the store says so in its log and goes on.
public interface ZoneStore extends AutoCloseable {

    /// Returns the zones that are stored.
    Collection<StoredZone> zones();

    /// Returns all records of the present version, the SOA record once.
    ///
    /// @throws IOException if they cannot be read, or the zone is not stored
    Records records(Name zone) throws IOException;

    /// Replaces a zone as a whole. Its history begins anew.
    ///
    /// @param records all records, the SOA record once; not changed
    void replace(Name zone, SoaRecord soa, Records records, ZoneTimers.@Nullable Saved timers)
            throws IOException;

    /// Replaces a zone as a whole by a version whose serial is not newer than that of another
    /// version. Its history begins anew. It is known of the zone until its next version.
    ///
    /// @param records all records, the SOA record once; not changed
    /// @param newestSerial the newest serial of all versions
    void replaceNotNewer(Name zone, SoaRecord soa, Records records, int newestSerial)
            throws IOException;

    /// Adds changes to a stored zone and to its history.
    ///
    /// @param steps the first begins at the present version
    void change(Name zone, List<IxfrStep> steps, ZoneTimers.@Nullable Saved timers)
            throws IOException;

    /// Notes when a primary confirmed the present version.
    void confirm(Name zone, ZoneTimers.Saved timers) throws IOException;

    /// Removes a zone with its history. Nothing happens if it is not stored.
    void remove(Name zone) throws IOException;

    /// Returns the changes from a version to the present one, or null if they are not all kept.
    ///
    /// @param serial serial of the version to begin at
    @Nullable List<IxfrStep> history(Name zone, int serial) throws IOException;

    /// Returns all changes that are kept and lead to the present version, the oldest first; none if
    /// the zone is not stored.
    List<IxfrStep> history(Name zone) throws IOException;

    /// Makes durable what was written before.
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
