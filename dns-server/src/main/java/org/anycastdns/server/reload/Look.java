package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ZoneFile;

/// What the zone folder held at one moment.
///
/// @param readable whether the folder could be listed; if not, `problems` says why
/// @param zones the file of each zone, in canonical order of their names
/// @param stamps versions of the zone files and of the included files that were asked for; none in
///   a look at names alone
/// @param problems with the folder and with names of files in it
record Look(
        boolean readable, Map<Name, Path> zones, Map<Path, Stamp> stamps, List<Problem> problems) {

    /// Looks at the names in a folder. Those that begin with a dot are no zone files: editors and
    /// copying programs call unfinished files so, or let them end in something else than `.zone`.
    static Look names(Path folder) {
        Map<Name, Path> files = new HashMap<>();
        Map<Name, TreeSet<Path>> twins = new TreeMap<>();
        List<Problem> problems = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.endsWith(ZoneFile.SUFFIX) && !name.startsWith(".")) {
                    try {
                        Name zone = ZoneFile.origin(name);
                        if (files.putIfAbsent(zone, entry) != null) {
                            twins.computeIfAbsent(zone, _ -> new TreeSet<>()).add(entry);
                        }
                    } catch (IllegalArgumentException e) {
                        String text = "the file's name is no zone's name: " + e.getMessage();
                        problems.add(error(entry, text));
                    }
                }
            }
        } catch (IOException e) {
            return unreadable(folder, e);
        } catch (DirectoryIteratorException e) {
            return unreadable(folder, new IOException(e.getMessage(), e));
        }
        // In whatever order the folder is listed, the same file counts.
        twins.forEach((zone, paths) -> {
            paths.add(Objects.requireNonNull(files.get(zone)));
            Path kept = paths.removeFirst();
            files.put(zone, kept);
            String text = "holds the same zone as " + kept + "; ignored";
            paths.forEach(ignored -> problems.add(error(ignored, text)));
        });
        Collections.sort(problems);
        Map<Name, Path> zones = LinkedHashMap.newLinkedHashMap(files.size());
        files.keySet().stream()
                .sorted()
                .forEach(zone -> zones.put(zone, Objects.requireNonNull(files.get(zone))));
        return new Look(true, zones, Map.of(), problems);
    }

    /// Looks at the folder and at its files.
    ///
    /// @param included files that belong to zones too
    static Look at(Path folder, Collection<Path> included) {
        Look names = names(folder);
        if (!names.readable) {
            return names;
        }
        Map<Path, Stamp> stamps = new HashMap<>();
        names.zones.values().forEach(file -> stamps.put(file, Stamp.of(file)));
        included.forEach(file -> stamps.computeIfAbsent(file, Stamp::of));
        return new Look(true, names.zones, stamps, names.problems);
    }

    private static Look unreadable(Path folder, IOException cause) {
        String text =
                switch (cause) {
                    case NoSuchFileException _ -> "there is no such folder";
                    case NotDirectoryException _ -> "is not a folder";
                    case AccessDeniedException _ -> "may not be listed by this user";
                    default -> "cannot be listed: " + cause.getMessage();
                };
        return new Look(false, Map.of(), Map.of(), List.of(error(folder, text)));
    }

    /// A problem with a file or folder as such.
    static Problem error(Path file, String text) {
        return new Problem(file.toString(), 1, 1, Problem.Severity.ERROR, text);
    }

    /// The version of a file that this look found.
    Stamp stamp(Path file) {
        return stamps.getOrDefault(file, Stamp.NONE);
    }
}
