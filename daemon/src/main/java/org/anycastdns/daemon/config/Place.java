package org.anycastdns.daemon.config;

import java.util.Comparator;

/// Where a piece of configuration was written.
///
/// @param source the file as the operator named it, or the flag; empty if it was not written
/// @param line the line from 1; 0 for the source as a whole
/// @param column the column from 1; 0 for the source as a whole
public record Place(String source, int line, int column) implements Comparable<Place> {

    /// The place of what nobody wrote.
    static final Place NOWHERE = of("");

    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

    /// Returns a source as a whole.
    static Place of(String source) {
        return new Place(source, 0, 0);
    }

    /// Orders places of one file; what has no line comes first.
    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    /// Returns `file:line:column`, a form that editors understand.
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
