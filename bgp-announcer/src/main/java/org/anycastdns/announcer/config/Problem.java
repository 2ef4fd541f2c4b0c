package org.anycastdns.announcer.config;

/// One mistake in the configuration and where it stands.
///
/// @param file the file as the operator named it
/// @param line from 1; 0 when the file as a whole is meant
/// @param column from 1; 0 when the file as a whole is meant
/// @param text what is wrong and, where it is known, what would be right
public record Problem(String file, int line, int column, String text)
        implements Comparable<Problem> {

    @Override
    public int compareTo(Problem other) {
        return line != other.line
                ? Integer.compare(line, other.line)
                : Integer.compare(column, other.column);
    }

    /// `file:line:column: text`, as editors understand it.
    @Override
    public String toString() {
        return line == 0 ? file + ": " + text : file + ":" + line + ":" + column + ": " + text;
    }
}
