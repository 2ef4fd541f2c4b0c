package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.zone.ResourceRecord;

/// Records in the order of the file, and where each stands: 8 octets a place, since a zone may have
/// millions of records.
///
/// ```
///   place: file (12 bits) | line (32 bits) | column (20 bits)
/// ```
final class Records {

    private static final int FILE_SHIFT = 52;
    private static final int LINE_SHIFT = 20;
    private static final int COLUMN_MASK = (1 << LINE_SHIFT) - 1;

    private final List<String> files = new ArrayList<>();
    private final List<ResourceRecord> records = new ArrayList<>();
    private long[] places = new long[64];

    /// Starts another file; returns its index.
    int addFile(String name) {
        files.add(name);
        return files.size() - 1;
    }

    void add(ResourceRecord record, int file, int line, int column) {
        if (records.size() == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[records.size()] =
                ((long) file << FILE_SHIFT)
                        | ((long) line << LINE_SHIFT)
                        | Math.min(column, COLUMN_MASK);
        records.add(record);
    }

    List<ResourceRecord> list() {
        return records;
    }

    List<String> files() {
        return files;
    }

    Position position(int index) {
        long place = places[index];
        return new Position(
                files.get((int) (place >>> FILE_SHIFT)),
                (int) (place >>> LINE_SHIFT),
                (int) (place & COLUMN_MASK));
    }
}
