package org.anycastdns.server.zonefile;

import java.util.Comparator;
import java.util.Locale;

/// One thing that is wrong in a zone file, or looks wrong.
///
/// @param text one line that says what is wrong and, where it is not obvious, what to do
public record Problem(String file, int line, int column, Severity severity, String text)
        implements Comparable<Problem> {

    /// Whether a zone can be served all the same.
    public enum Severity {
        /// The zone cannot be served.
        ERROR,
        /// The zone can be served; somebody will be surprised by it.
        WARNING
    }

    private static final Comparator<Problem> BY_POSITION =
            Comparator.comparing(Problem::file)
                    .thenComparingInt(Problem::line)
                    .thenComparingInt(Problem::column)
                    .thenComparing(Problem::severity)
                    .thenComparing(Problem::text);

    /// Shows control characters, which a quoted token may hold, as a master file would: a terminal
    /// or a log must not take orders from a zone file.
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

    /// An error at a place.
    static Problem error(Position at, String text) {
        return new Problem(at.file(), at.line(), at.column(), Severity.ERROR, text);
    }

    /// A warning at a place.
    static Problem warning(Position at, String text) {
        return new Problem(at.file(), at.line(), at.column(), Severity.WARNING, text);
    }

    /// Whether it keeps the zone from being served.
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// Order of file name, line and column.
    @Override
    public int compareTo(Problem other) {
        return BY_POSITION.compare(this, other);
    }

    /// `file:line:column: error: text`, which editors and CI systems understand.
    @Override
    public String toString() {
        return "%s:%d:%d: %s: %s"
                .formatted(file, line, column, severity.name().toLowerCase(Locale.ROOT), text);
    }
}
