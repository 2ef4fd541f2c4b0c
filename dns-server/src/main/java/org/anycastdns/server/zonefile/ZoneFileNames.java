package org.anycastdns.server.zonefile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Which file of a folder holds which zone: files called after a pattern with the zone's name in
/// it, such as `db.{origin}`, and single files that are called otherwise.
///
/// In a file's name the zone's name stands without its final dot; the root is `root` or `.`, and
/// the zone `root.` has the dot. Octets that a file's name cannot hold, or that have a meaning in a
/// zone's, are written `%` and two hexadecimal digits, as `/` in `0%2f25.2.0.192.in-addr.arpa` (RFC
/// 2317), or as in a master file, `\047`.
public final class ZoneFileNames {

    /// What stands for the zone's name in a pattern.
    public static final String ORIGIN = "{origin}";

    /// Files that are called ORIGIN.zone.
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

    /// The names that a pattern stands for.
    ///
    /// @throws IllegalArgumentException when it is none; the message says why
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
                    "'%s' starts with a dot: files called so are unfinished ones and never read"
                            .formatted(pattern));
        }
        return new ZoneFileNames(
                pattern.substring(0, at), pattern.substring(at + ORIGIN.length()), Map.of());
    }

    /// The same pattern, but for some zones a file of their own; neither is such a file taken for
    /// another zone's, nor a file that the pattern finds for such a zone.
    ///
    /// @param named paths in the folder, as {@link #inside} makes them
    public ZoneFileNames with(Map<Name, String> named) {
        return new ZoneFileNames(before, after, Map.copyOf(named));
    }

    /// The path of a file that lies in the folder or a folder in it, without "." and "..".
    ///
    /// @throws IllegalArgumentException when the text is none; the message says why
    public static String inside(String path) {
        String steps = steps(path);
        if (steps.isEmpty() || path.endsWith("/")) {
            throw new IllegalArgumentException("'%s' is no file".formatted(path));
        }
        return steps;
    }

    /// A path from the folder on, without "." and ".."; empty when it leads to the folder itself.
    ///
    /// @throws IllegalArgumentException when it leads out of the folder; the message says why
    public static String steps(String path) {
        if (path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "'%s' is absolute: write it from the zone folder on".formatted(path));
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

    /// The pattern as it is written.
    public String pattern() {
        return before + ORIGIN + after;
    }

    /// Files that zones have whatever the pattern says: paths in the folder.
    public Map<Name, String> files() {
        return files;
    }

    /// Whether folders have names that fit the pattern too, such as `customers`: there is nothing
    /// in it but the zone's name.
    public boolean fitsFolders() {
        return before.isEmpty() && after.isEmpty();
    }

    /// Whether a file of the folder holds a zone by its name. Those that begin with a dot never do:
    /// editors and copying programs call unfinished files so.
    public boolean matches(String fileName) {
        return fileName.length() > before.length() + after.length()
                && fileName.startsWith(before)
                && fileName.endsWith(after)
                && !fileName.startsWith(".")
                && !taken.contains(fileName);
    }

    /// The zone that a file holds by its name.
    ///
    /// @param fileName with or without folders before it
    /// @throws IllegalArgumentException when the name is no zone file's; the message says why
    public Name origin(String fileName) {
        String last = fileName.substring(fileName.lastIndexOf('/') + 1);
        if (!matches(last)) {
            String example = pattern().replace(ORIGIN, "example.com");
            throw new IllegalArgumentException(
                    "'%s' is not called %s, such as %s"
                            .formatted(last, pattern().replace(ORIGIN, "ORIGIN"), example));
        }
        String origin = last.substring(before.length(), last.length() - after.length());
        return origin.equals(ROOT) ? Name.ROOT : Name.of(unescaped(origin));
    }

    /// The name in the way of a master file.
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
                        "in '%s' two hexadecimal digits must follow '%%'; itself it is written %%25"
                                .formatted(text));
            }
            name.append("\\%03d".formatted(high << 4 | low));
            i += 2;
        }
        return name.toString();
    }

    /// The file that a zone is looked for in, from the folder on: the one that is named for it, or
    /// else the one that the pattern gives, in lower case.
    public String fileName(Name origin) {
        String named = files.get(origin);
        return named != null ? named : before + text(origin) + after;
    }

    /// A zone's name as it stands in the name of a file: in lower case, without its final dot.
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

    /// The pattern, and the files that are named one by one.
    @Override
    public String toString() {
        return files.isEmpty() ? pattern() : pattern() + " and " + new TreeMap<>(files);
    }
}
