package org.anycastdns.server.zonefile;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The files that are being read, each included by the one before, and what may be included next:
/// files below the zone file's folder that are not open already.
final class OpenFiles {

    /// Files open at once, the zone file among them: people nest two or three.
    static final int INCLUDE_DEPTH_MAX = 16;

    /// Files of one zone: each file that includes two others doubles their number.
    static final int FILES_MAX = 1_000;

    private final String folder;
    private final Deque<String> open = new ArrayDeque<>();
    private int count;

    /// None yet.
    ///
    /// @param zoneFile the file that starts it all
    OpenFiles(String zoneFile) {
        folder = zoneFile.substring(0, zoneFile.lastIndexOf('/') + 1);
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
        if (open.size() == INCLUDE_DEPTH_MAX) {
            return "'%s' is nested more than %d deep".formatted(path, INCLUDE_DEPTH_MAX);
        }
        return count < FILES_MAX
                ? null
                : "'%s' is one file too many: at most %d".formatted(path, FILES_MAX);
    }

    /// The file's name from where the operator is.
    ///
    /// @param path one without objection
    String fileName(String path) {
        return folder + inside(path);
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
