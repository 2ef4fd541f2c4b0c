package org.anycastdns.announcer.config;

/// A problem in the configuration, with its position.
///
/// @param file the file as the operator named it
/// @param line the line from 1; 0 for the file as a whole
/// @param column the column from 1; 0 for the file as a whole
/// @param text what is wrong and, if known, what would be right
public record Problem(String file, int line, int column, String text)
        implements Comparable<Problem> {

    @Override
    public int compareTo(Problem other) {
        return line != other.line
                ? Integer.compare(line, other.line)
                : Integer.compare(column, other.column);
    }

    /// Returns `file:line:column: text`, a format that editors understand.
    @Override
    public String toString() {
        return line == 0 ? file + ": " + text : file + ":" + line + ":" + column + ": " + text;
    }
}
