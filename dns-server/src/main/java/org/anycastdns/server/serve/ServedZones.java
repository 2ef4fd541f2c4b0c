package org.anycastdns.server.serve;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.anycastdns.server.zone.ZoneSet;
import org.jspecify.annotations.Nullable;

/// The zones that all workers answer from at this moment: one reference, swapped as a whole. A
/// worker reads it once for each batch of requests and never sees half of a change.
///
/// Each worker shows which set it is reading, so that whoever swaps can tell when nobody reads the
/// old one any more and its memory can go: nobody waits for anybody.
///
/// ```
///   worker   begin: reading = current, and once more when current has changed since   end: null
///   swapper  current = new; the old set is free when no worker's reading is it
/// ```
public final class ServedZones {

    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private volatile ZoneSet current;

    /// Starts with a set of zones.
    public ServedZones(ZoneSet zones) {
        current = zones;
    }

    /// Starts without zones: every query is refused.
    public ServedZones() {
        this(new ZoneSet(List.of()));
    }

    /// One worker's access to the zones; used by its thread alone.
    static final class Reader {

        private final ServedZones zones;
        private volatile @Nullable ZoneSet reading;

        private Reader(ServedZones zones) {
            this.zones = zones;
        }

        /// The zones to answer from until {@link #end}; their memory stays.
        ZoneSet begin() {
            ZoneSet set = zones.current;
            reading = set;
            // Between the two lines above the set may have been swapped and freed.
            while (set != zones.current) {
                set = zones.current;
                reading = set;
            }
            return set;
        }

        void end() {
            reading = null;
        }
    }

    /// Access for one more worker.
    Reader reader() {
        Reader reader = new Reader(this);
        readers.add(reader);
        return reader;
    }

    /// The zones to answer from; to read their images, a worker needs a {@link Reader}.
    public ZoneSet current() {
        return current;
    }

    /// Makes another set of zones the current one.
    public void swap(ZoneSet zones) {
        current = zones;
    }

    /// Whether a worker may still read a set.
    public boolean isRead(ZoneSet set) {
        if (set == current) {
            return true;
        }
        for (Reader reader : readers) {
            if (reader.reading == set) {
                return true;
            }
        }
        return false;
    }
}
