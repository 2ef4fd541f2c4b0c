package org.anycastdns.server.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the entries of a segment one after the other. Octets that are no entry are skipped up to
/// the next one.
final class LogReader {

    /// Octets that are read at once: few reads, and little memory.
    private static final int WINDOW_OCTETS = 1 << 20;

    private final LogSegment segment;
    private final long size;
    private long at = LogSegment.HEADER_OCTETS;
    private byte[] window = {};
    private long windowAt;
    private int windowOctets;

    /// What is at a place.
    sealed interface Found {

        /// An entry.
        record Sound(EntryHead head, byte[] payload, Place place) implements Found {}

        /// Octets that are no entry.
        ///
        /// @param head of the entry whose payload is damaged; null if this is not known
        record Damaged(@Nullable EntryHead head, long offset) implements Found {}
    }

    /// @param size octets of the file
    LogReader(LogSegment segment, long size) {
        this.segment = segment;
        this.size = size;
    }

    /// Returns the offset of what is read next.
    long position() {
        return at;
    }

    /// Reads the next entry; null at the end.
    @Nullable Found next() throws IOException {
        long start = at;
        if (start >= size) {
            return null;
        }
        EntryHead head = head(start);
        if (head == null) {
            EntryHead repaired = repaired(start);
            at = repaired == null ? start : Math.min(size, start + repaired.octets());
            skip();
            return new Found.Damaged(repaired, start);
        }
        at = Math.min(size, start + head.octets());
        int headOctets = EntryHead.FIXED_OCTETS + head.zone().length();
        if (head.octets() > size - start) {
            return new Found.Damaged(head, start);
        }
        byte[] payload = payload(start + headOctets, head.payloadOctets());
        return EntryHead.checksum(payload) == head.payloadChecksum()
                ? new Found.Sound(
                        head, payload, new Place(segment.number(), start, (int) head.octets()))
                : new Found.Damaged(head, start);
    }

    private @Nullable EntryHead head(long start) throws IOException {
        need(start, EntryHead.OCTETS_MAX);
        return EntryHead.read(window, (int) (start - windowAt), windowOctets, segment.tag());
    }

    /// Returns the head at a place if a single bit of it is wrong, so that the zone is known.
    private @Nullable EntryHead repaired(long start) {
        int from = (int) (start - windowAt);
        int to = Math.min(windowOctets, from + EntryHead.OCTETS_MAX);
        EntryHead head = null;
        for (int i = from; head == null && i < to; i++) {
            for (int bit = 1; head == null && bit <= 0x80; bit <<= 1) {
                window[i] ^= (byte) bit;
                head = EntryHead.read(window, from, to, segment.tag());
                window[i] ^= (byte) bit;
            }
        }
        return head;
    }

    /// Moves to the next sound head, or to the end.
    private void skip() throws IOException {
        while (at < size && head(at) == null) {
            at++;
        }
    }

    private byte[] payload(long from, int octets) throws IOException {
        byte[] payload = new byte[octets];
        int there = Math.clamp(windowAt + windowOctets - from, 0, octets);
        System.arraycopy(window, (int) (from - windowAt), payload, 0, there);
        if (there < octets) {
            int read = segment.file().read(payload, there, octets - there, from + there);
            if (read < octets - there) {
                throw new IOException("segment %d became shorter".formatted(segment.number()));
            }
        }
        return payload;
    }

    /// Reads octets into the window, or as many as there are.
    private void need(long from, int octets) throws IOException {
        boolean has = from >= windowAt && from + octets <= windowAt + windowOctets;
        if (has || (from >= windowAt && windowAt + windowOctets >= size && windowOctets > 0)) {
            return;
        }
        int count = (int) Math.min(WINDOW_OCTETS, size - from);
        window = window.length < count ? new byte[count] : window;
        windowOctets = segment.file().read(window, 0, count, from);
        windowAt = from;
    }
}
