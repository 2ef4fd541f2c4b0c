package org.anycastdns.server.zonefile;

import java.util.ArrayDeque;
import java.util.Deque;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The files that are being read, each included by the one before, and what may be included next:
/// files that are not open already, of the zone's own folder or of one that all zones share.
///
/// The own folder stands beside the zone file and is called as the zone is: `example.com/`. Zones
/// of one folder may belong to different people, and none of them may read what belongs to others.
final class OpenFiles {

    /// Files open at once, the zone file among them: people nest two or three.
    static final int INCLUDE_DEPTH_MAX = 16;

    /// Files of one zone: each file that includes two others doubles their number.
    static final int FILES_MAX = 1_000;

    private final String folder;
    private final String own;
    private final String shared;
    private final Deque<String> open = new ArrayDeque<>();
    private int count;

    /// A file that may be included.
    ///
    /// @param folder where the zone file stands, up to the last slash
    /// @param bound the folder in it that holds all that may be read
    /// @param path of the file in there
    record Included(String folder, String bound, String path) {

        /// The file's name from where the operator is.
        String fileName() {
            return folder + bound + "/" + path;
        }
    }

    /// None yet.
    ///
    /// @param zoneFile the file that starts it all
    /// @param shared folder beside it whose files every zone may include; empty for none
    OpenFiles(Name origin, String zoneFile, String shared) {
        folder = zoneFile.substring(0, zoneFile.lastIndexOf('/') + 1);
        own = ownFolder(origin);
        this.shared = shared;
    }

    /// What the folder of a zone's own files is called.
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

    /// Why a path cannot be included, or null when it can.
    ///
    /// @param path as written after $INCLUDE
    @Nullable String objection(String path) {
        if (path.startsWith("/")) {
            return "'%s' is absolute: write it from the zone's folder on".formatted(path);
        }
        String inside = inside(path);
        if (inside == null) {
            return "'%s' leads out of the zone's folder".formatted(path);
        }
        if (inside.isEmpty()) {
            return "'%s' is no file".formatted(path);
        }
        if (open.contains(folder + inside)) {
            return "'%s' includes itself, perhaps by way of others".formatted(path);
        }
        if (bound(inside).isEmpty()) {
            return "'%s' is not in the folder '%s/' beside the zone file%s: only from there may this zone include files"
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
                : "'%s' is one file too many: at most %d".formatted(path, FILES_MAX);
    }

    /// The folder that a file may be included from, or empty.
    private String bound(String inside) {
        if (inside.startsWith(own + "/")) {
            return own;
        }
        return !shared.isEmpty() && inside.startsWith(shared + "/") ? shared : "";
    }

    /// The file that a path means.
    ///
    /// @param path one without objection
    Included included(String path) {
        String inside = String.valueOf(inside(path));
        String bound = bound(inside);
        return new Included(folder, bound, inside.substring(bound.length() + 1));
    }

    /// The path without "." and "..", null when it leads out of the folder.
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
