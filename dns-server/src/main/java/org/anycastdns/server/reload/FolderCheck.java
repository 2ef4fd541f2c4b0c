package org.anycastdns.server.reload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZoneFile;
import org.jspecify.annotations.Nullable;

/// What would be found when a zone file, or all of a folder, were loaded.
///
/// @param zoneCount zone files that were read
/// @param recordCount records of the zones without errors
public record FolderCheck(int zoneCount, long recordCount, List<Problem> problems) {

    /// Reads a zone file or all zone files of a folder.
    ///
    /// @param origin the zone that a single file holds; null takes it from the file's name
    /// @param clock tells which signatures have expired
    public static FolderCheck of(Path path, @Nullable Name origin, ReadRules rules, Clock clock)
            throws InterruptedException {
        if (Files.isDirectory(path)) {
            Look look = Look.at(path, List.of());
            List<Problem> problems = new ArrayList<>(look.problems());
            if (look.readable() && look.zones().isEmpty()) {
                problems.add(Look.error(path, "holds no zone file called ORIGIN.zone"));
            }
            return of(path, look.zones(), problems, rules, clock);
        }
        Path parent = path.getParent();
        Path folder = parent == null ? Path.of("") : parent;
        try {
            Name zone = origin == null ? ZoneFile.origin(path.toString()) : origin;
            return of(folder, Map.of(zone, path), List.of(), rules, clock);
        } catch (IllegalArgumentException e) {
            String text = e.getMessage() + " (--origin tells the zone of a file called otherwise)";
            return new FolderCheck(0, 0, List.of(Look.error(path, text)));
        }
    }

    private static FolderCheck of(
            Path folder, Map<Name, Path> zones, List<Problem> before, ReadRules rules, Clock clock)
            throws InterruptedException {
        List<Problem> problems = new ArrayList<>(before);
        long records = 0;
        CounterSlots none = new CounterSlots(0, 0, 0);
        try (ImageMemory memory = ImageMemory.closeable()) {
            Store store =
                    new ZoneLoader(folder, none, rules, clock, Settling.now(clock), Faults.NONE);
            for (Loaded loaded : store.load(zones, memory)) {
                problems.addAll(loaded.problems());
                if (loaded.waits()) {
                    problems.add(Look.error(loaded.file(), loaded.waiting()));
                }
                Zone zone = loaded.zone();
                records += zone == null ? 0 : zone.recordCount();
            }
        }
        return new FolderCheck(zones.size(), records, List.copyOf(problems));
    }
}
