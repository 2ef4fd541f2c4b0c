package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The result of loading one zone.
///
/// @param file the zone's file
/// @param zone null if there are errors or the zone waits
/// @param inputs the files that were read, with the versions they had just before reading
/// @param zonemd the result of the ZONEMD verification
/// @param records the records of the zone, if a {@link RecordsReceiver} wants them
/// @param waiting why the file is not read yet, or empty
/// @param fault the internal error that kept the zone from being loaded, or null
record Loaded(
        Name apex,
        Path file,
        @Nullable Zone zone,
        List<Problem> problems,
        Map<Path, Stamp> inputs,
        ZonemdStatus zonemd,
        @Nullable Records records,
        String waiting,
        @Nullable Throwable fault) {

    /// Creates the result for a file that was read: a zone, or its errors.
    Loaded(
            Name apex,
            Path file,
            @Nullable Zone zone,
            List<Problem> problems,
            Map<Path, Stamp> inputs,
            ZonemdStatus zonemd,
            @Nullable Records records) {
        this(apex, file, zone, problems, inputs, zonemd, records, "", null);
    }

    /// Returns the result for a zone whose file is not read yet.
    static Loaded waiting(Name apex, Path file, String reason) {
        return new Loaded(
                apex, file, null, List.of(), Map.of(), ZonemdStatus.UNCHECKED, null, reason, null);
    }

    /// Returns the result for a zone that cannot be loaded.
    ///
    /// @param fault the internal error that is the cause, or null
    static Loaded bad(
            Name apex,
            Path file,
            Problem problem,
            Map<Path, Stamp> inputs,
            @Nullable Throwable fault) {
        return new Loaded(
                apex,
                file,
                null,
                List.of(problem),
                Map.copyOf(inputs),
                ZonemdStatus.UNCHECKED,
                null,
                "",
                fault);
    }

    /// Returns whether the zone waits for its file.
    boolean waits() {
        return !waiting.isEmpty();
    }
}
