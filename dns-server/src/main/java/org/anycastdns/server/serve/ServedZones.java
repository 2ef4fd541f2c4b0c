package org.anycastdns.server.serve;

import java.util.List;
import org.anycastdns.server.zone.ZoneSet;

/// The zones that all workers answer from at this moment: one reference, swapped as a whole. A
/// worker reads it once for each request (or batch) and never sees half of a change.
public final class ServedZones {

    private volatile ZoneSet current;

    /// Starts with a set of zones.
    public ServedZones(ZoneSet zones) {
        current = zones;
    }

    /// Starts without zones: every query is refused.
    public ServedZones() {
        this(new ZoneSet(0, List.of()));
    }

    /// The zones to answer from.
    public ZoneSet current() {
        return current;
    }

    /// Makes another set of zones the current one.
    public void swap(ZoneSet zones) {
        current = zones;
    }
}
