package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.jspecify.annotations.Nullable;

/// What became of one zone that was to be loaded.
///
/// @param file where it stands
/// @param zone null when there are errors, or it waits
/// @param inputs the files that were read, in the versions they had just before
/// @param zonemd what became of the verification by ZONEMD
/// @param waiting why the file is not read yet, or empty
/// @param fault of this program that kept the zone from being loaded, or null
record Loaded(
        Name apex,
        Path file,
        @Nullable Zone zone,
        List<Problem> problems,
        Map<Path, Stamp> inputs,
        ZonemdStatus zonemd,
        String waiting,
        @Nullable Throwable fault) {

    /// A zone, or what is wrong with it.
    Loaded(
            Name apex,
            Path file,
            @Nullable Zone zone,
            List<Problem> problems,
            Map<Path, Stamp> inputs,
            ZonemdStatus zonemd) {
        this(apex, file, zone, problems, inputs, zonemd, "", null);
    }

    /// A zone whose file is not read yet.
    static Loaded waiting(Name apex, Path file, String reason) {
        return new Loaded(
                apex, file, null, List.of(), Map.of(), ZonemdStatus.UNCHECKED, reason, null);
    }

    /// A zone that cannot be loaded.
    ///
    /// @param fault of this program that is the cause, or null
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
                "",
                fault);
    }

    /// Whether the zone waits for its file.
    boolean waits() {
        return !waiting.isEmpty();
    }
}
