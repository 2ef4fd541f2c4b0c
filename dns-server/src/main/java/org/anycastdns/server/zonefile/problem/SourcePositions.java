package org.anycastdns.server.zonefile.problem;

import java.util.ArrayList;
import java.util.List;

/// Encodes the positions of a zone's records in 8 octets each, because there may be millions.
///
/// ```
///   place: file (12 bits) | line (32 bits) | column (20 bits)
/// ```
public final class SourcePositions {

    private static final int FILE_SHIFT = 52;
    private static final int LINE_SHIFT = 20;
    private static final int COLUMN_MASK = (1 << LINE_SHIFT) - 1;

    private final List<String> files = new ArrayList<>();

    /// Creates the positions of a zone without files.
    public SourcePositions() {}

    /// Adds a file; returns its index.
    public int addFile(String name) {
        files.add(name);
        return files.size() - 1;
    }

    /// Returns the names of all files that were read or tried, in order.
    public List<String> files() {
        return files;
    }

    /// Encodes a position.
    ///
    /// @param file index of {@link #addFile}
    public static long place(int file, int line, int column) {
        return (long) file << FILE_SHIFT | lines(line) | Math.min(column, COLUMN_MASK);
    }

    /// Returns the number that moves a place down by a number of lines when added to it.
    public static long lines(int count) {
        return (long) count << LINE_SHIFT;
    }

    /// Decodes a position.
    public Position position(long place) {
        return new Position(
                files.get((int) (place >>> FILE_SHIFT)),
                (int) (place >>> LINE_SHIFT),
                (int) (place & COLUMN_MASK));
    }
}
