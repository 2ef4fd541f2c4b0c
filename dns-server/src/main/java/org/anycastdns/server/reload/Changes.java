package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.wire.Name;

/// The work to do after a scan of the zone folder; a pure decision.
///
/// @param load zones whose files are new or changed, and have settled
/// @param missing zones whose file was missing in this scan and in the one before
/// @param moving zones that are left alone, because two scans saw different versions of their files
record Changes(Map<Name, Path> load, Set<Name> missing, Set<Name> moving) {

    /// Compares the versions that were read last with the versions that are there now.
    ///
    /// @param known all zones that are served or that were tried
    /// @param read the versions of each zone's files that the last attempt read
    static Changes between(
            Collection<Name> known,
            Map<Name, Map<Path, Stamp>> read,
            FolderSnapshot before,
            FolderSnapshot now) {
        Changes changes = new Changes(new TreeMap<>(), new TreeSet<>(), new TreeSet<>());
        if (!now.readable()) {
            return changes;
        }
        now.zones()
                .forEach((zone, file) -> {
                    Map<Path, Stamp> inputs = read.getOrDefault(zone, Map.of());
                    List<Path> files = now.files(zone);
                    if (changed(files, inputs, now)) {
                        changes.add(zone, file, still(files, inputs, before, now));
                    }
                });
        for (Name zone : known) {
            if (!now.zones().containsKey(zone)) {
                boolean gone = before.readable() && !before.zones().containsKey(zone);
                (gone ? changes.missing : changes.moving).add(zone);
            }
        }
        return changes;
    }

    private static boolean changed(List<Path> files, Map<Path, Stamp> inputs, FolderSnapshot now) {
        return !inputs.keySet().containsAll(files)
                || inputs.entrySet().stream()
                        .anyMatch(input -> !input.getValue().equals(now.stamp(input.getKey())));
    }

    private static boolean still(
            List<Path> files, Map<Path, Stamp> inputs, FolderSnapshot before, FolderSnapshot now) {
        return files.stream().allMatch(file -> before.stamp(file).equals(now.stamp(file)))
                && inputs.keySet().stream()
                        .allMatch(input -> before.stamp(input).equals(now.stamp(input)));
    }

    private void add(Name zone, Path file, boolean still) {
        if (still) {
            load.put(zone, file);
        } else {
            moving.add(zone);
        }
    }
}
