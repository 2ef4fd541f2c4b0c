package org.anycastdns.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A file of the log.
///
/// ```
///   "ANYSTATE" 8 | version of the format 4 | 0 4 | number 8 | tag 8 | CRC-32C 4 | entries
/// ```
///
/// @param number segments have numbers in a row; the first are deleted when nothing needs them
/// @param tag random number that all entries begin with
/// @param isSound whether the header is
record LogSegment(long number, long tag, FileLayer.StoreFile file, boolean isSound) {

    /// Octets before the first entry.
    static final int HEADER_OCTETS = 36;

    /// The version of the format of the log and of snapshots.
    static final int VERSION = 1;

    private static final byte[] MAGIC = "ANYSTATE".getBytes(StandardCharsets.US_ASCII);
    private static final int NUMBER_AT = 16;
    private static final int TAG_AT = 24;
    private static final int CHECKSUM_AT = 32;
    private static final String NAME = "[0-9a-f]{16}\\.log";

    /// Returns the name of a segment's file.
    static String name(long number) {
        return "%016x.log".formatted(number);
    }

    /// Returns the number in the name of a file, or -1 if it is no segment.
    static long number(String name) {
        return name.matches(NAME) ? Long.parseUnsignedLong(name.substring(0, 16), 16) : -1;
    }

    /// Writes the header of a new segment.
    static LogSegment create(long number, long tag, FileLayer.StoreFile file) throws IOException {
        return create(number, tag, VERSION, file);
    }

    /// Writes a header.
    static LogSegment create(long number, long tag, int version, FileLayer.StoreFile file)
            throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_OCTETS);
        header.put(MAGIC).putInt(version).putInt(0).putLong(number).putLong(tag);
        header.putInt(checksum(header.array()));
        file.write(header.array(), HEADER_OCTETS, 0);
        return new LogSegment(number, tag, file, true);
    }

    /// Reads the header. If it is damaged, the tag is that of the first entry.
    static LogSegment open(long number, FileLayer.StoreFile file) throws IOException {
        ByteBuffer header = header(file);
        if (header != null && header.getLong(NUMBER_AT) == number) {
            return new LogSegment(number, header.getLong(TAG_AT), file, true);
        }
        ByteBuffer entry = ByteBuffer.allocate(Long.BYTES);
        int there = file.read(entry.array(), 0, Long.BYTES, HEADER_OCTETS);
        return new LogSegment(number, there < Long.BYTES ? 0 : entry.getLong(0), file, false);
    }

    /// Returns the version of the format; {@link #VERSION} if the header is damaged.
    static int version(FileLayer.StoreFile file) throws IOException {
        ByteBuffer header = header(file);
        return header == null ? VERSION : header.getInt(MAGIC.length);
    }

    private static @Nullable ByteBuffer header(FileLayer.StoreFile file) throws IOException {
        byte[] header = new byte[HEADER_OCTETS];
        boolean sound =
                file.read(header, 0, HEADER_OCTETS, 0) == HEADER_OCTETS
                        && Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                        && ByteBuffer.wrap(header).getInt(CHECKSUM_AT) == checksum(header);
        return sound ? ByteBuffer.wrap(header) : null;
    }

    private static int checksum(byte[] header) {
        CRC32C sum = new CRC32C();
        sum.update(header, 0, CHECKSUM_AT);
        return (int) sum.getValue();
    }
}
