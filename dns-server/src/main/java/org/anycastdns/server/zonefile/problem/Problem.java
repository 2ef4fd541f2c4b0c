package org.anycastdns.server.zonefile.problem;

import java.util.Comparator;
import java.util.Locale;

/// An error or a warning about a zone file.
///
/// @param text one line that says what is wrong and, if it is not obvious, what to do
public record Problem(String file, int line, int column, Severity severity, String text)
        implements Comparable<Problem> {

    /// Says whether the zone can still be served.
    public enum Severity {
        /// The zone cannot be served.
        ERROR,
        /// The zone can be served, but may surprise its operator or its users.
        WARNING
    }

    private static final Comparator<Problem> BY_POSITION =
            Comparator.comparing(Problem::file)
                    .thenComparingInt(Problem::line)
                    .thenComparingInt(Problem::column)
                    .thenComparing(Problem::severity)
                    .thenComparing(Problem::text);

    /// Escapes control characters as a master file does. A quoted token may contain them, and a
    /// zone file must not be able to control a terminal or a log.
    public Problem {
        if (text.chars().anyMatch(Character::isISOControl)) {
            StringBuilder shown = new StringBuilder(text.length() + 16);
            text.chars()
                    .forEach(c -> {
                        if (Character.isISOControl(c)) {
                            shown.append("\\%03d".formatted(c));
                        } else {
                            shown.append((char) c);
                        }
                    });
            text = shown.toString();
        }
    }

    /// Returns an error at a position.
    public static Problem error(Position at, String text) {
        return new Problem(at.file(), at.line(), at.column(), Severity.ERROR, text);
    }

    /// Returns a warning at a position.
    public static Problem warning(Position at, String text) {
        return new Problem(at.file(), at.line(), at.column(), Severity.WARNING, text);
    }

    /// Returns a problem of something that has no lines.
    ///
    /// @param what a file, a folder, or where records come from
    public static Problem whole(String what, Severity severity, String text) {
        return new Problem(what, 0, 0, severity, text);
    }

    /// Returns whether the problem prevents the zone from being served.
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// Compares by file name, line, column, severity and text.
    @Override
    public int compareTo(Problem other) {
        return BY_POSITION.compare(this, other);
    }

    /// Returns `file:line:column: error: text`, a format that editors and CI systems understand.
    /// What has no lines, such as a transfer, is `what: error: text`.
    @Override
    public String toString() {
        return "%s: %s: %s"
                .formatted(
                        new Position(file, line, column),
                        severity.name().toLowerCase(Locale.ROOT),
                        text);
    }
}
