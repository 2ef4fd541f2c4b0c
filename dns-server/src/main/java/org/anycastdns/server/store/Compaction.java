package org.anycastdns.server.store;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.anycastdns.server.store.LogReader.Found;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Frees the oldest segment of the log: what is in use there is appended to the log again, piece
/// after piece; when that is durable, the segment is deleted.
///
/// It works while more than half of the log is unused. So an octet is copied about once for each
/// octet that is written.
final class Compaction {

    private final SegmentLog log;
    private final ZoneIndex index;
    private final StoreLimits limits;
    private final BiConsumer<Name, String> damaged;
    private @Nullable LogReader reader;
    private long segment;
    private long deletableFrom = Long.MAX_VALUE;

    /// @param damaged is told a zone that cannot be copied any more, and why
    Compaction(
            SegmentLog log, ZoneIndex index, StoreLimits limits, BiConsumer<Name, String> damaged) {
        this.log = log;
        this.index = index;
        this.limits = limits;
        this.damaged = damaged;
    }

    private boolean isDue() {
        long unused = log.octets() - index.octets();
        return unused > Math.max(index.octets(), limits.segmentOctets())
                || index.historyOctets() > limits.historyMax();
    }

    /// Does the next piece of work, if there is any.
    void step() throws IOException {
        if (log.durable() >= deletableFrom) {
            log.deleteFirst();
            deletableFrom = Long.MAX_VALUE;
            reader = null;
        }
        if (reader == null && !log.isEmpty() && log.isFull(log.first()) && isDue()) {
            segment = log.first();
            reader = log.reader(segment);
        }
        if (reader == null || deletableFrom != Long.MAX_VALUE) {
            return;
        }
        try {
            copy(reader);
        } catch (IOException e) {
            // Once more from the beginning; what has been copied is not in use there any more.
            reader = null;
            throw e;
        }
    }

    private void copy(LogReader from) throws IOException {
        long end = from.position() + limits.stepOctets();
        while (from.position() < end) {
            Found found = from.next();
            if (found == null) {
                finish();
                return;
            }
            if (found instanceof Found.Sound(EntryHead head, byte[] payload, Place place)) {
                copy(Draft.of(head, payload), place);
            }
        }
    }

    private void copy(Draft entry, Place place) throws IOException {
        ZoneVersions zone = index.get(entry.zone());
        if (zone == null || !zone.uses(entry, place)) {
            return;
        }
        boolean isChange = entry.kind() == EntryKind.CHANGE;
        if (isChange
                && zone.isHistory(entry.version())
                && index.historyOctets() > limits.historyMax()) {
            index.update(entry.zone(), each -> each.forget(entry.version()));
            return;
        }
        index.take(entry, log.append(List.of(entry)).getFirst());
    }

    private void finish() throws IOException {
        // What could not be read any more has not been copied.
        for (ZoneVersions zone : List.copyOf(index.zones())) {
            if (index.loses(zone, segment)) {
                damaged.accept(zone.name(), "a part of the log cannot be read any more");
            }
        }
        var _ = log.append(List.of(Draft.checkpoint(segment + 1)));
        deletableFrom = log.next();
    }
}
