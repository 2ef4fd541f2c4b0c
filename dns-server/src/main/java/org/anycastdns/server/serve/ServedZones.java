package org.anycastdns.server.serve;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.anycastdns.server.zone.ZoneSet;
import org.jspecify.annotations.Nullable;

/// The zones that all worker threads currently answer from: one reference that is atomically
/// swapped. A worker reads it once for each batch of requests and never sees a partial change.
///
/// Each worker publishes which set it is reading. After a swap it is thus known when no worker
/// reads the old set any more and its memory can be freed. No thread waits for another.
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

    /// Starts without zones, so that every query is refused.
    public ServedZones() {
        this(new ZoneSet(List.of()));
    }

    /// Gives one worker access to the zones; used only by the worker's thread.
    static final class Reader {

        private final ServedZones zones;
        private volatile @Nullable ZoneSet reading;

        private Reader(ServedZones zones) {
            this.zones = zones;
        }

        /// Returns the zones to answer from. Their memory stays valid until {@link #end}.
        ZoneSet begin() {
            ZoneSet set = zones.current;
            reading = set;
            // Between the two lines above, the set may have been swapped and freed.
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

    /// Creates the access of one more worker.
    Reader reader() {
        Reader reader = new Reader(this);
        readers.add(reader);
        return reader;
    }

    /// Returns the current zones. To read their images, a worker needs a {@link Reader}.
    public ZoneSet current() {
        return current;
    }

    /// Atomically replaces the current zones.
    public void swap(ZoneSet zones) {
        current = zones;
    }

    /// Returns whether a worker may still be reading a set.
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
