package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// A snapshot of the zone folder at one moment.
///
/// @param readable whether the folder could be listed; if not, `problems` says why
/// @param zones the file of each zone, in canonical order of their names; the first file if there
///   are several
/// @param stamps versions of the zone files and of the included files that were requested; empty if
///   only names were read
/// @param problems with the folder and with the names of its files
/// @param contested zones for which several files exist, with these files
record FolderSnapshot(
        boolean readable,
        Map<Name, Path> zones,
        Map<Path, Stamp> stamps,
        List<Problem> problems,
        Map<Name, List<Path>> contested) {

    /// From this many names on, the work is spread over several threads. Smaller folders are
    /// scanned four times a second.
    private static final int MANY = 10_000;

    /// The text of the problem of a folder that is absent.
    private static final String ABSENT = "there is no such folder";

    /// A file whose name matches the pattern for zone files.
    ///
    /// @param zone the zone's name; the root if the name is not valid
    /// @param objection why the name is not a valid zone name, or empty
    private record Entry(Path file, Name zone, String objection) implements Comparable<Entry> {

        static Entry of(Path folder, ZoneFileNames names, String name) {
            // Stays the folder if the system's locale cannot encode the file's name.
            Path file = folder;
            try {
                file = folder.resolve(name);
                return new Entry(file, names.origin(name), "");
            } catch (IllegalArgumentException e) {
                String text = "the file's name is not a zone name: " + e.getMessage();
                return new Entry(file, Name.ROOT, text);
            }
        }

        /// Orders by zone in canonical order, then by file. So the same file of a zone comes first,
        /// whatever the order in which the folder is listed.
        @Override
        public int compareTo(Entry other) {
            int order = zone.compareTo(other.zone);
            return order != 0 ? order : file.compareTo(other.file);
        }
    }

    /// Creates a snapshot in which each zone has at most one file.
    FolderSnapshot(
            boolean readable,
            Map<Name, Path> zones,
            Map<Path, Stamp> stamps,
            List<Problem> problems) {
        this(readable, zones, stamps, problems, Map.of());
    }

    /// Reads the names in a folder, but no file versions.
    static FolderSnapshot names(Path folder, ZoneFileNames names) {
        String[] found;
        try {
            found = list(folder);
        } catch (IOException e) {
            return unreadable(folder, e);
        }
        Stream<String> all = Arrays.stream(found);
        Stream<Entry> byPattern =
                (found.length < MANY ? all : all.parallel())
                        .filter(names::matches)
                        .filter(name -> !names.fitsFolders() || !isFolder(folder, name))
                        .map(name -> Entry.of(folder, names, name))
                        .filter(entry -> !names.files().containsKey(entry.zone));
        Stream<Entry> byName =
                names.files().entrySet().stream()
                        .map(each -> new Entry(folder.resolve(each.getValue()), each.getKey(), ""));
        List<Entry> entries = Stream.concat(byPattern, byName).sorted().toList();
        Map<Name, Path> zones = LinkedHashMap.newLinkedHashMap(entries.size());
        Map<Name, List<Path>> contested = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Entry entry : entries) {
            if (!entry.objection.isEmpty()) {
                problems.add(error(entry.file, entry.objection));
                continue;
            }
            Path first = zones.putIfAbsent(entry.zone, entry.file);
            if (first != null) {
                contested
                        .computeIfAbsent(entry.zone, _ -> new ArrayList<>(List.of(first)))
                        .add(entry.file);
            }
        }
        Collections.sort(problems);
        return new FolderSnapshot(true, zones, Map.of(), problems, contested);
    }

    private static boolean isFolder(Path folder, String name) {
        try {
            return Files.isDirectory(folder.resolve(name));
        } catch (InvalidPathException e) {
            // The file's own entry reports the problem.
            return false;
        }
    }

    /// Returns the files of a zone: one, several if they are contested, or none.
    List<Path> files(Name zone) {
        List<Path> several = contested.get(zone);
        if (several != null) {
            return several;
        }
        Path file = zones.get(zone);
        return file == null ? List.of() : List.of(file);
    }

    /// Returns why a zone cannot be loaded although each of its files may be valid, or null if it
    /// can. The operator has to decide which of several files is meant.
    @Nullable Problem objection(Name zone) {
        List<Path> several = contested.get(zone);
        if (several == null) {
            return null;
        }
        String others =
                several.stream()
                        .skip(1)
                        .map(file -> String.valueOf(file.getFileName()))
                        .collect(Collectors.joining(" and "));
        return error(
                several.getFirst(),
                "zone %s has more than one file, this one and %s: keep one of them, or name the right one in zones.files of the configuration"
                        .formatted(zone, others));
    }

    /// Returns the names in a folder, unordered. One call reads them all, because there may be
    /// many.
    private static String[] list(Path folder) throws IOException {
        String[] names = folder.toFile().list();
        if (names == null) {
            // The second attempt throws an exception that gives the reason.
            try (DirectoryStream<Path> _ = Files.newDirectoryStream(folder)) {
                throw new IOException("the system does not say why");
            }
        }
        return names;
    }

    /// Takes a snapshot of the folder and its files.
    ///
    /// @param included included files, which belong to zones too
    static FolderSnapshot at(Path folder, ZoneFileNames fileNames, Collection<Path> included) {
        return at(folder, fileNames, included, Stamp::of);
    }

    /// Takes a snapshot of the folder and its files.
    ///
    /// @param included included files, which belong to zones too
    /// @param version returns the version of a file
    static FolderSnapshot at(
            Path folder,
            ZoneFileNames fileNames,
            Collection<Path> included,
            Function<Path, Stamp> version) {
        FolderSnapshot names = names(folder, fileNames);
        if (!names.readable) {
            return names;
        }
        Map<Path, Stamp> stamps = new HashMap<>();
        names.zones.values().forEach(file -> stamps.put(file, version.apply(file)));
        names.contested
                .values()
                .forEach(files -> files.forEach(file -> stamps.computeIfAbsent(file, version)));
        included.forEach(file -> stamps.computeIfAbsent(file, version));
        return new FolderSnapshot(true, names.zones, stamps, names.problems, names.contested);
    }

    private static FolderSnapshot unreadable(Path folder, IOException cause) {
        String text =
                switch (cause) {
                    case NoSuchFileException _ -> ABSENT;
                    case NotDirectoryException _ -> "is not a folder";
                    case AccessDeniedException _ -> "may not be listed by this user";
                    default -> "cannot be listed: " + cause.getMessage();
                };
        return new FolderSnapshot(false, Map.of(), Map.of(), List.of(error(folder, text)));
    }

    /// Returns whether there is no folder.
    boolean isAbsent() {
        return !readable && problems.stream().anyMatch(each -> each.text().equals(ABSENT));
    }

    /// Returns an error about a whole file or folder.
    static Problem error(Path file, String text) {
        return new Problem(file.toString(), 1, 1, Problem.Severity.ERROR, text);
    }

    /// Returns a warning about a whole file.
    static Problem warning(Path file, String text) {
        return new Problem(file.toString(), 1, 1, Problem.Severity.WARNING, text);
    }

    /// Returns the version of a file in this snapshot.
    Stamp stamp(Path file) {
        return stamps.getOrDefault(file, Stamp.NONE);
    }
}
