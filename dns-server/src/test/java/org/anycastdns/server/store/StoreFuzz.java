package org.anycastdns.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Any octets as the log of a store. It opens whatever is there, and opened again it contains the
/// same.
///
/// ```
///   0 | the octets of a segment
///   1 | entries with right checksums:
///       kind 1 | zone 1 | version 1 | serial from 1 | serial to 1 | 2 octets length | payload
/// ```
///
/// Checksums would keep a fuzzer from all that is behind them.
public final class StoreFuzz {

    private static final List<Name> ZONES = List.of(StoreSamples.ZONE, Name.of("b."), Name.ROOT);
    private static final long TAG = 0x5eed;

    private StoreFuzz() {}

    /// Opens once and once more.
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        PlannedFiles files = new PlannedFiles();
        ByteBuffer in = ByteBuffer.wrap(data, 1, data.length - 1);
        files.put(LogSegment.name(1), data[0] == 0 ? rest(in) : sealed(in));
        try {
            Map<Name, List<String>> first = contents(files);
            Map<Name, List<String>> again = contents(files);
            if (!first.equals(again)) {
                throw new AssertionError("opened again, it differs: " + first + " " + again);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("files in memory do not fail", e);
        }
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }

    private static byte[] sealed(ByteBuffer in) {
        PlannedFiles files = new PlannedFiles();
        try (SegmentLog log = new SegmentLog(files, Integer.MAX_VALUE, () -> TAG)) {
            List<Draft> drafts = new ArrayList<>();
            for (Draft draft = draft(in); draft != null; draft = draft(in)) {
                drafts.add(draft);
                if (drafts.size() > 1 || draft.version() % 2 == 0) {
                    var _ = log.append(drafts);
                    drafts.clear();
                }
            }
            return log.isEmpty() ? new byte[0] : files.content(LogSegment.name(1));
        } catch (IOException e) {
            throw new UncheckedIOException("files in memory do not fail", e);
        }
    }

    private static @Nullable Draft draft(ByteBuffer in) {
        if (in.remaining() < 7) {
            return null;
        }
        EntryKind kind = EntryKind.of((in.get() & 0xff) % EntryKind.values().length);
        Name zone = ZONES.get((in.get() & 0xff) % ZONES.size());
        long version = in.get() & 0xff;
        int from = in.get();
        int to = in.get();
        byte[] payload = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
        in.get(payload);
        return kind == null ? null : new Draft(kind, zone, version, from, to, payload);
    }

    /// Returns all records by zone.
    private static Map<Name, List<String>> contents(PlannedFiles files) throws IOException {
        Map<Name, List<String>> contents = new TreeMap<>();
        try (StateFolder store = StateFolder.open(files, StoreModel.LIMITS, StoreSamples.tags())) {
            for (StoredZone zone : List.copyOf(store.zones())) {
                long damages = store.damages();
                try {
                    contents.put(zone.name(), StoreSamples.texts(store.records(zone.name())));
                    history(store, zone);
                } catch (IOException e) {
                    if (store.damages() == damages) {
                        throw new AssertionError("not damaged, but " + e, e);
                    }
                }
            }
            store.sync();
            store.sync();
        }
        return contents;
    }

    private static void history(StateFolder store, StoredZone zone) throws IOException {
        for (int serial = Byte.MIN_VALUE; serial <= Byte.MAX_VALUE; serial++) {
            List<IxfrStep> steps = store.history(zone.name(), serial);
            if (steps != null
                    && !steps.isEmpty()
                    && (steps.getFirst().from().serial() != serial
                            || steps.getLast().to().serial() != zone.soa().serial())) {
                throw new AssertionError("history does not lead to the present version");
            }
        }
    }
}
