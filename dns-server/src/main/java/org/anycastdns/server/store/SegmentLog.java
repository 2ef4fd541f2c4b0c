package org.anycastdns.server.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The log: segments, of which the last one grows. When it is large enough, it is forced and the
/// next one begins; so all segments but the last are durable.
///
/// What could not be written completely is cut away before the next entry.
final class SegmentLog implements Closeable {

    /// Octets that are written again at once after a failed force.
    private static final int COPY_OCTETS = 1 << 20;

    private final FileLayer files;
    private final int segmentOctets;
    private final LongSupplier tags;
    private final TreeMap<Long, LogSegment> segments = new TreeMap<>();
    private final Map<Long, Long> sizes = new TreeMap<>();
    private long nextSegment = 1;
    private long next = 1;
    private long durable = 1;
    private long end;
    private long forcedEnd;
    private boolean torn;
    private boolean uncertain;

    /// How often it became uncertain whether the disk has all of the last segment.
    private int doubts;

    /// @param tags gives a random number for each segment
    SegmentLog(FileLayer files, int segmentOctets, LongSupplier tags) {
        this.files = files;
        this.segmentOctets = segmentOctets;
        this.tags = tags;
    }

    /// Takes a segment that was there at the start, in the order of numbers.
    ///
    /// @param last number of its last entry
    void take(LogSegment segment, long size, long last) {
        segments.put(segment.number(), segment);
        sizes.put(segment.number(), size);
        nextSegment = segment.number() + 1;
        next = Math.max(next, last + 1);
        end = size;
    }

    /// Ends the start: all that was taken is made durable. A segment whose header is damaged gets
    /// no entries.
    void begin() throws IOException {
        if (!segments.isEmpty()) {
            segments.lastEntry().getValue().file().force();
            files.forceNames();
            if (!segments.lastEntry().getValue().isSound()) {
                end = Long.MAX_VALUE;
            }
        }
        forcedEnd = end;
        durable = next;
    }

    /// Returns the number that the next entry gets.
    long next() {
        return next;
    }

    /// Returns the first number that may not be durable.
    long durable() {
        return durable;
    }

    /// Returns the octets of all segments.
    long octets() {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Returns whether a segment gets no more entries.
    boolean isFull(long segment) {
        return segment != segments.lastKey();
    }

    /// Returns the first segment.
    long first() {
        return segments.firstKey();
    }

    /// Returns whether there is no segment yet.
    boolean isEmpty() {
        return segments.isEmpty();
    }

    /// Appends entries that belong together.
    ///
    /// @return where each is
    /// @throws IOException if they could not be written; then none is in the log
    List<Place> append(List<Draft> drafts) throws IOException {
        long octets = drafts.stream().mapToLong(Draft::octets).sum();
        if (octets > Integer.MAX_VALUE - Short.MAX_VALUE) {
            throw new IOException("an entry of %d octets is too large".formatted(octets));
        }
        LogSegment segment = segment(octets);
        mend(segment);
        ByteBuffer out = ByteBuffer.allocate((int) octets);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            places.add(new Place(segment.number(), end + out.position(), (int) draft.octets()));
            out.put(head(draft, next + i, i < drafts.size() - 1).write(segment.tag()));
            out.put(draft.payload());
        }
        torn = true;
        segment.file().write(out.array(), (int) octets, end);
        torn = false;
        end += octets;
        next += drafts.size();
        sizes.put(segment.number(), end);
        return places;
    }

    private EntryHead head(Draft draft, long number, boolean more) {
        return new EntryHead(
                draft.kind(),
                more,
                draft.zone(),
                number,
                durable,
                draft.version(),
                draft.from(),
                draft.to(),
                draft.payload().length,
                EntryHead.checksum(draft.payload()));
    }

    /// Returns the segment to write to.
    private LogSegment segment(long octets) throws IOException {
        boolean first = segments.isEmpty();
        boolean fits = end <= LogSegment.HEADER_OCTETS || end + octets <= segmentOctets;
        if (!first && fits && end != Long.MAX_VALUE) {
            return segments.lastEntry().getValue();
        }
        if (!first) {
            mend(segments.lastEntry().getValue());
            force();
        }
        LogSegment segment = create(nextSegment);
        segments.put(segment.number(), segment);
        nextSegment++;
        end = LogSegment.HEADER_OCTETS;
        forcedEnd = end;
        // A force of the segment before may still be under way.
        doubts++;
        sizes.put(segment.number(), end);
        return segment;
    }

    private LogSegment create(long number) throws IOException {
        FileLayer.StoreFile file = files.open(LogSegment.name(number));
        try {
            file.truncate(0);
            LogSegment segment = LogSegment.create(number, tags.getAsLong(), file);
            file.force();
            files.forceNames();
            return segment;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void mend(LogSegment segment) throws IOException {
        if (torn) {
            segment.file().truncate(end);
            torn = false;
            uncertain = true;
            doubts++;
        }
    }

    /// Makes durable what was appended.
    void force() throws IOException {
        Force force = beginForce();
        if (force != null) {
            force.file().force();
            end(force);
        }
    }

    /// What is being made durable.
    ///
    /// @param end octets of the file
    /// @param next the first number that is not in it
    /// @param doubts when it began
    record Force(FileLayer.StoreFile file, long end, long next, int doubts) {}

    /// Begins to make durable what was appended. Entries may be appended while the file is forced.
    ///
    /// @return what to force and then to {@link #end}; null if everything is durable
    @Nullable Force beginForce() throws IOException {
        if (durable == next && !uncertain) {
            return null;
        }
        FileLayer.StoreFile file = segments.lastEntry().getValue().file();
        if (uncertain) {
            // After a failed force the system may have forgotten what it did not write.
            writeAgain(file);
        }
        uncertain = true;
        return new Force(file, end, next, ++doubts);
    }

    /// Notes that a file has been forced.
    void end(Force force) {
        durable = Math.max(durable, force.next());
        if (force.doubts() == doubts) {
            uncertain = false;
            forcedEnd = force.end();
        }
    }

    private void writeAgain(FileLayer.StoreFile file) throws IOException {
        byte[] octets = new byte[COPY_OCTETS];
        for (long at = forcedEnd; at < end; at += octets.length) {
            int count = (int) Math.min(octets.length, end - at);
            if (file.read(octets, 0, count, at) < count) {
                throw new IOException("the log became shorter");
            }
            file.write(octets, count, at);
        }
    }

    /// Reads the payload of an entry again.
    ///
    /// @throws DamagedException if it is not there any more
    byte[] payload(Place place) throws IOException {
        LogSegment segment = segments.get(place.segment());
        if (segment == null) {
            throw new DamagedException("a segment is missing");
        }
        byte[] octets = new byte[place.octets()];
        int there = segment.file().read(octets, 0, octets.length, place.offset());
        EntryHead head = EntryHead.read(octets, 0, there, segment.tag());
        if (head == null || head.octets() != octets.length || there < octets.length) {
            throw new DamagedException("no entry of the log");
        }
        int from = EntryHead.FIXED_OCTETS + head.zone().length();
        byte[] payload = Arrays.copyOfRange(octets, from, octets.length);
        if (EntryHead.checksum(payload) != head.payloadChecksum()) {
            throw new DamagedException("its checksum does not match");
        }
        return payload;
    }

    /// Returns a reader of a segment that gets no more entries.
    LogReader reader(long segment) {
        LogSegment found = segments.get(segment);
        Long size = sizes.get(segment);
        if (found == null || size == null) {
            throw new IllegalArgumentException("there is no segment " + segment);
        }
        return new LogReader(found, size);
    }

    /// Deletes the first segment.
    void deleteFirst() throws IOException {
        // If this segment were gone before an earlier one, a removed zone could come back.
        files.forceNames();
        LogSegment segment = segments.firstEntry().getValue();
        files.delete(LogSegment.name(segment.number()));
        segments.remove(segment.number());
        sizes.remove(segment.number());
        segment.file().close();
    }

    @Override
    public void close() throws IOException {
        for (LogSegment segment : segments.values()) {
            segment.file().close();
        }
    }
}
