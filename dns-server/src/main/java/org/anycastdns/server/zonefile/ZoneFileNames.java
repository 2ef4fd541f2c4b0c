package org.anycastdns.server.zonefile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Maps file names in a folder to zones and back. Most files follow a pattern with the zone's name,
/// such as `db.{origin}`; single zones may have files with other names.
///
/// A file name contains the zone's name without its final dot. The root is `root` or `.`, and the
/// zone `root.` keeps the dot. Some octets are not possible in a file name or have a special
/// meaning in a zone's name. They are written as `%` and two hexadecimal digits, such as the `/` in
/// `0%2f25.2.0.192.in-addr.arpa` (RFC 2317), or as in a master file, `\047`.
public final class ZoneFileNames {

    /// The placeholder for the zone's name in a pattern.
    public static final String ORIGIN = "{origin}";

    /// The default pattern: files are called ORIGIN.zone.
    public static final ZoneFileNames DEFAULT = of("{origin}.zone");

    private static final String ROOT = "root";
    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*";

    private final String before;
    private final String after;
    private final Map<Name, String> files;
    private final Set<String> taken;

    private ZoneFileNames(String before, String after, Map<Name, String> files) {
        this.before = before;
        this.after = after;
        this.files = files;
        this.taken = files.values().stream().collect(Collectors.toUnmodifiableSet());
    }

    /// Returns the names for a pattern.
    ///
    /// @throws IllegalArgumentException if the pattern is invalid; the message says why
    public static ZoneFileNames of(String pattern) {
        int at = pattern.indexOf(ORIGIN);
        if (at < 0 || pattern.indexOf(ORIGIN, at + 1) >= 0) {
            throw new IllegalArgumentException(
                    "'%s' must hold %s once, such as %s.zone or db.%s"
                            .formatted(pattern, ORIGIN, ORIGIN, ORIGIN));
        }
        if (pattern.contains("/")) {
            throw new IllegalArgumentException(
                    "'%s' is the name of a file in the folder, without '/'; files of folders in it"
                                    .formatted(pattern)
                            + " are named one by one");
        }
        if (pattern.startsWith(".")) {
            throw new IllegalArgumentException(
                    "'%s' begins with a dot: such files are never read, because they may be unfinished"
                            .formatted(pattern));
        }
        return new ZoneFileNames(
                pattern.substring(0, at), pattern.substring(at + ORIGIN.length()), Map.of());
    }

    /// Returns the same pattern with their own files for some zones. Such a file is not used for
    /// any other zone, and the pattern does not apply to these zones.
    ///
    /// @param named paths in the folder, as {@link #inside} returns them
    public ZoneFileNames with(Map<Name, String> named) {
        return new ZoneFileNames(before, after, Map.copyOf(named));
    }

    /// Returns the path of a file in the folder or a subfolder, without "." and "..".
    ///
    /// @throws IllegalArgumentException if the text is not such a path; the message says why
    public static String inside(String path) {
        String steps = steps(path);
        if (steps.isEmpty() || path.endsWith("/")) {
            throw new IllegalArgumentException("'%s' is not a file".formatted(path));
        }
        return steps;
    }

    /// Returns a path relative to the folder, without "." and ".."; empty for the folder itself.
    ///
    /// @throws IllegalArgumentException if it leads out of the folder; the message says why
    public static String steps(String path) {
        if (path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "'%s' is absolute: write it relative to the zone folder".formatted(path));
        }
        Deque<String> steps = new ArrayDeque<>();
        for (String step : path.split("/", -1)) {
            if (step.equals("..") && steps.pollLast() == null) {
                throw new IllegalArgumentException(
                        "'%s' leads out of the zone folder".formatted(path));
            } else if (!step.isEmpty() && !step.equals(".") && !step.equals("..")) {
                steps.addLast(step);
            }
        }
        return String.join("/", steps);
    }

    /// Returns the pattern as written.
    public String pattern() {
        return before + ORIGIN + after;
    }

    /// Returns the files of zones to which the pattern does not apply: paths in the folder.
    public Map<Name, String> files() {
        return files;
    }

    /// Returns whether the names of folders, such as `customers`, match the pattern too. This is so
    /// if the pattern is only the zone's name.
    public boolean fitsFolders() {
        return before.isEmpty() && after.isEmpty();
    }

    /// Returns whether a file name of the folder matches the pattern. Names that begin with a dot
    /// never match: editors and copying programs use them for unfinished files.
    public boolean matches(String fileName) {
        return fileName.length() > before.length() + after.length()
                && fileName.startsWith(before)
                && fileName.endsWith(after)
                && !fileName.startsWith(".")
                && !taken.contains(fileName);
    }

    /// Returns the zone of a file name.
    ///
    /// @param fileName with or without a path
    /// @throws IllegalArgumentException if it is not the name of a zone file; the message says why
    public Name origin(String fileName) {
        String last = fileName.substring(fileName.lastIndexOf('/') + 1);
        if (!matches(last)) {
            String example = pattern().replace(ORIGIN, "example.com");
            throw new IllegalArgumentException(
                    "'%s' is not named %s, such as %s"
                            .formatted(last, pattern().replace(ORIGIN, "ORIGIN"), example));
        }
        String origin = last.substring(before.length(), last.length() - after.length());
        return origin.equals(ROOT) ? Name.ROOT : Name.of(unescaped(origin));
    }

    /// Returns the name in the syntax of a master file.
    private static String unescaped(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                name.append(c);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                throw new IllegalArgumentException(
                        "in '%s' two hexadecimal digits must follow '%%'; write %%25 for '%%' itself"
                                .formatted(text));
            }
            name.append("\\%03d".formatted(high << 4 | low));
            i += 2;
        }
        return name.toString();
    }

    /// Returns the path of a zone's file in the folder: its own file if it has one, or else the
    /// file of the pattern, in lowercase.
    public String fileName(Name origin) {
        String named = files.get(origin);
        return named != null ? named : before + text(origin) + after;
    }

    /// Returns a zone's name as it appears in a file name: in lowercase, without its final dot.
    public static String text(Name origin) {
        byte[] wire = origin.wire();
        if (wire.length == 1) {
            return ROOT;
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            for (int i = 1; i <= wire[at]; i++) {
                int octet = Name.fold(wire[at + i]) & 0xff;
                if (PLAIN.indexOf(octet) >= 0) {
                    text.append((char) octet);
                } else {
                    text.append("%%%02x".formatted(octet));
                }
            }
            text.append('.');
        }
        text.setLength(text.length() - 1);
        return text.toString().equals(ROOT) ? ROOT + "." : text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ZoneFileNames names
                && pattern().equals(names.pattern())
                && files.equals(names.files);
    }

    @Override
    public int hashCode() {
        return pattern().hashCode() ^ files.hashCode();
    }

    /// Returns the pattern and the files with other names.
    @Override
    public String toString() {
        return files.isEmpty() ? pattern() : pattern() + " and " + new TreeMap<>(files);
    }
}
