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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ZoneFile;

/// What the zone folder held at one moment.
///
/// @param readable whether the folder could be listed; if not, `problems` says why
/// @param zones the file of each zone
/// @param stamps versions of the zone files and of the included files that were asked for
/// @param problems with the folder and with names of files in it
record Look(
        boolean readable, Map<Name, Path> zones, Map<Path, Stamp> stamps, List<Problem> problems) {

    /// Looks at a folder. Names that begin with a dot are no zone files: editors and copying
    /// programs call unfinished files so, or let them end in something else than `.zone`.
    ///
    /// @param included files that belong to zones too
    static Look at(Path folder, Collection<Path> included) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.endsWith(ZoneFile.SUFFIX) && !name.startsWith(".")) {
                    files.add(entry);
                }
            }
        } catch (IOException e) {
            return unreadable(folder, e);
        } catch (DirectoryIteratorException e) {
            return unreadable(folder, new IOException(e.getMessage(), e));
        }
        Collections.sort(files);
        Map<Name, Path> zones = new TreeMap<>();
        Map<Path, Stamp> stamps = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                Name zone = ZoneFile.origin(file.toString());
                Path twin = zones.putIfAbsent(zone, file);
                if (twin == null) {
                    stamps.put(file, Stamp.of(file));
                } else {
                    problems.add(error(file, "holds the same zone as " + twin + "; ignored"));
                }
            } catch (IllegalArgumentException e) {
                problems.add(error(file, "the file's name is no zone's name: " + e.getMessage()));
            }
        }
        for (Path file : included) {
            stamps.computeIfAbsent(file, Stamp::of);
        }
        return new Look(true, zones, stamps, problems);
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
