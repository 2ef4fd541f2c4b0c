package org.anycastdns.server.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.anycastdns.server.store.LogReader.Found;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the log at the start.
///
/// Damage in what had been durable costs the zones that it is about. Damage behind it is what a
/// crash leaves: entries that were still being written. There the log is cut, so that the zones are
/// as they were before these entries.
final class LogReplay {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    private final FileLayer files;
    private final SegmentLog log;
    private final ZoneIndex index;
    private long last;
    private long needed = 1;
    private int damages;

    LogReplay(FileLayer files, SegmentLog log, ZoneIndex index) {
        this.files = files;
        this.log = log;
        this.index = index;
    }

    /// Reads all segments.
    ///
    /// @param sizes the files of the folder
    /// @return how many places are damaged, or segments missing
    int run(SortedMap<String, Long> sizes) throws IOException {
        List<String> names = segments(sizes);
        long expected = Long.MAX_VALUE;
        for (String name : names) {
            long number = LogSegment.number(name);
            LogSegment segment = LogSegment.open(number, files.open(name));
            long size = sizes.getOrDefault(name, 0L);
            missing(expected, number);
            size = name.equals(names.getLast()) ? cut(segment, size) : size;
            read(segment, size);
            log.take(segment, size, last);
            expected = number + 1;
        }
        if (!names.isEmpty()) {
            missing(needed, first(names));
        }
        return damages;
    }

    private static long first(List<String> names) {
        return LogSegment.number(names.getFirst());
    }

    /// Returns the segments. Entries are written to a segment when its header is durable, and the
    /// one before it. So the last one counts only if it has more than a header.
    private List<String> segments(SortedMap<String, Long> sizes) throws IOException {
        List<String> names = new ArrayList<>(sizes.keySet());
        names.removeIf(name -> LogSegment.number(name) < 0);
        while (!names.isEmpty()
                && sizes.getOrDefault(names.getLast(), 0L) <= LogSegment.HEADER_OCTETS) {
            files.delete(names.removeLast());
        }
        return names;
    }

    private void missing(long expected, long number) {
        if (number > expected) {
            damages++;
            LOG.error(
                    "{}: segments {} to {} of the log are missing: zones that are only there are"
                            + " lost, and others may have an earlier version; secondary zones are"
                            + " transferred again, others need a backup",
                    files,
                    LogSegment.name(expected),
                    LogSegment.name(number - 1));
        }
    }

    private void read(LogSegment segment, long size) throws IOException {
        LogReader reader = new LogReader(segment, size);
        int damaged = 0;
        for (Found found = reader.next(); found != null; found = reader.next()) {
            switch (found) {
                case Found.Sound(EntryHead head, byte[] payload, Place place) ->
                        take(head, payload, place);
                case Found.Damaged(EntryHead head, long _) -> {
                    damaged++;
                    lost(head);
                }
            }
        }
        if (damaged > 0) {
            damages += damaged;
            LOG.error(
                    "{}: {} is damaged at {} places: zones may be lost or have an earlier version;"
                            + " secondary zones are transferred again, others need a backup; check"
                            + " the disk",
                    files,
                    LogSegment.name(segment.number()),
                    damaged);
        }
    }

    private void take(EntryHead head, byte[] payload, Place place) {
        last = Math.max(last, head.number());
        if (head.kind() == EntryKind.CHECKPOINT) {
            needed = Math.max(needed, head.version());
        }
        try {
            index.take(Draft.of(head, payload), place);
        } catch (IOException e) {
            lost(head);
        }
    }

    private void lost(@Nullable EntryHead head) {
        if (head != null) {
            last = Math.max(last, head.number());
            index.lost(head.kind(), head.zone(), head.version());
        }
    }

    /// Cuts the last segment where a crash left entries that are not complete.
    ///
    /// @return its size from now on
    private long cut(LogSegment segment, long size) throws IOException {
        // A place where the log may have to be cut, and the number of the first entry there.
        record Doubt(long offset, long number) {}

        List<Doubt> doubts = new ArrayList<>();
        LogReader reader = new LogReader(segment, size);
        long durable = 0;
        long number = last;
        Doubt group = null;
        for (Found found = reader.next(); found != null; found = reader.next()) {
            switch (found) {
                case Found.Sound(EntryHead head, byte[] _, Place place) -> {
                    durable = Math.max(durable, head.durable());
                    number = head.number();
                    Doubt begin = group == null ? new Doubt(place.offset(), number) : group;
                    group = head.more() ? begin : null;
                }
                case Found.Damaged(EntryHead head, long offset) -> {
                    number = head == null ? number + 1 : head.number();
                    doubts.add(group == null ? new Doubt(offset, number) : group);
                    group = null;
                }
            }
        }
        if (group != null) {
            doubts.add(group);
        }
        for (Doubt doubt : doubts) {
            if (doubt.number() >= durable) {
                LOG.warn(
                        "{}: the last entries of the log were not complete and are cut off, as"
                                + " after a crash",
                        files);
                segment.file().truncate(doubt.offset());
                return doubt.offset();
            }
        }
        return size;
    }
}
