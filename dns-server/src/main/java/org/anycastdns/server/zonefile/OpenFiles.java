package org.anycastdns.server.zonefile;

import java.util.ArrayDeque;
import java.util.Deque;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Tracks the files being read, each included by the one before, and decides which files may be
/// included. A file may be included if it is not open already and is in the zone's own folder or in
/// the shared folder.
///
/// The own folder is beside the zone file and has the zone's name: `example.com/`. The zones of one
/// folder may belong to different people, and no zone may read the files of another.
final class OpenFiles {

    /// Maximum number of files open at once, including the zone file; two or three are usual.
    static final int INCLUDE_DEPTH_MAX = 16;

    /// Maximum number of files read for one zone. Without it, files that each include two others
    /// would double the number at every level.
    static final int FILES_MAX = 1_000;

    private final String folder;
    private final String own;
    private final String shared;
    private final Deque<String> open = new ArrayDeque<>();
    private int count;

    /// A file that may be included.
    ///
    /// @param folder folder of the zone file, up to the last slash
    /// @param bound folder in `folder` that contains all files that may be read
    /// @param path path of the file in `bound`
    record Included(String folder, String bound, String path) {

        /// Returns the file name as the operator would write it.
        String fileName() {
            return folder + bound + "/" + path;
        }
    }

    /// Creates the tracker; no file is open yet.
    ///
    /// @param zoneFile name of the zone file
    /// @param shared folder beside it whose files every zone may include; empty for none
    OpenFiles(Name origin, String zoneFile, String shared) {
        folder = zoneFile.substring(0, zoneFile.lastIndexOf('/') + 1);
        own = ownFolder(origin);
        this.shared = shared;
    }

    /// Returns the name of the folder with the zone's own files.
    private static String ownFolder(Name origin) {
        return ZoneFileNames.text(origin);
    }

    void push(String fileName) {
        open.push(fileName);
        count++;
    }

    void pop() {
        open.pop();
    }

    /// Returns why a path cannot be included, or null if it can.
    ///
    /// @param path path as written after `$INCLUDE`
    @Nullable String objection(String path) {
        if (path.startsWith("/")) {
            return "'%s' is absolute: write it relative to the zone folder".formatted(path);
        }
        String inside = inside(path);
        if (inside == null) {
            return "'%s' leads out of the zone folder".formatted(path);
        }
        if (inside.isEmpty()) {
            return "'%s' is not a file".formatted(path);
        }
        if (open.contains(folder + inside)) {
            return "'%s' includes itself, directly or through other files".formatted(path);
        }
        if (bound(inside).isEmpty()) {
            return "'%s' is not in the folder '%s/' beside the zone file%s: this zone may include files only from there"
                    .formatted(
                            path,
                            own,
                            shared.isEmpty() ? "" : " or the shared one, '" + shared + "/'");
        }
        if (open.size() == INCLUDE_DEPTH_MAX) {
            return "'%s' is nested more than %d deep".formatted(path, INCLUDE_DEPTH_MAX);
        }
        return count < FILES_MAX
                ? null
                : "'%s' is one file too many: a zone may have at most %d"
                        .formatted(path, FILES_MAX);
    }

    /// Returns the folder from which a file may be included, or an empty string.
    private String bound(String inside) {
        if (inside.startsWith(own + "/")) {
            return own;
        }
        return !shared.isEmpty() && inside.startsWith(shared + "/") ? shared : "";
    }

    /// Returns the file for a path.
    ///
    /// @param path a path for which {@link #objection} returns null
    Included included(String path) {
        String inside = String.valueOf(inside(path));
        String bound = bound(inside);
        return new Included(folder, bound, inside.substring(bound.length() + 1));
    }

    /// Returns the path without "." and "..", or null if it leads out of the folder.
    private static @Nullable String inside(String path) {
        Deque<String> steps = new ArrayDeque<>();
        for (String step : path.split("/", -1)) {
            if (step.equals("..") && steps.pollLast() == null) {
                return null;
            } else if (!step.isEmpty() && !step.equals(".") && !step.equals("..")) {
                steps.addLast(step);
            }
        }
        return String.join("/", steps);
    }
}
