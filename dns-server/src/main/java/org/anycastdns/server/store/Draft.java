package org.anycastdns.server.store;

import java.util.List;
import java.util.Objects;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// What an entry of the log says; see {@link EntryHead}.
record Draft(EntryKind kind, Name zone, long version, int from, int to, byte[] payload) {

    /// Returns an entry that was read.
    static Draft of(EntryHead head, byte[] payload) {
        return new Draft(head.kind(), head.zone(), head.version(), head.from(), head.to(), payload);
    }

    /// Returns a checkpoint.
    ///
    /// @param needed number of the first segment that is needed
    static Draft checkpoint(long needed) {
        return new Draft(EntryKind.CHECKPOINT, Name.ROOT, needed, 0, 0, new byte[0]);
    }

    /// Returns the entry that removes a zone.
    static Draft removed(ZoneVersions zone) {
        return new Draft(EntryKind.REMOVED, zone.name(), zone.newest(), 0, 0, new byte[0]);
    }

    /// Returns the entry for timers; none if they are known.
    ///
    /// @param versions what is known of the zone; null for nothing
    static List<Draft> timers(
            @Nullable ZoneVersions versions,
            Name zone,
            long version,
            ZoneTimers.@Nullable Saved timers) {
        ZoneTimers.Saved known = versions == null ? null : versions.timers();
        return Objects.equals(known, timers)
                ? List.of()
                : List.of(
                        new Draft(
                                EntryKind.TIMERS,
                                zone,
                                version,
                                0,
                                0,
                                RecordWriter.timers(timers)));
    }

    /// Returns the entry for the newest serial of all versions.
    static Draft newestSerial(Name zone, long version, int serial) {
        return new Draft(EntryKind.NEWEST_SERIAL, zone, version, 0, serial, new byte[0]);
    }

    /// Returns the octets of the whole entry.
    long octets() {
        return (long) EntryHead.FIXED_OCTETS + zone.length() + payload.length;
    }
}
