package org.anycastdns.server.reload;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.Name;

/// Tells an accident from an intended change. A full disk, a broken generator or a wrong folder
/// makes many zones or records vanish at once. Such a change takes effect only if the operator
/// forces it.
///
/// Zones that vanish within {@link #WINDOW} count together, so that many small removals do not
/// bypass the guard. A zone that was added within that time does not count: adding a zone and
/// removing it again loses nothing. The caller passes the time.
final class Guard {

    /// Removals within this time count together; by then, an operator who intends them has noticed
    /// the refusal.
    static final Duration WINDOW = Duration.ofHours(1);

    // Arrivals within the window only. A zone that arrived earlier is established and counts.
    private final Map<Name, Instant> arrivals = new HashMap<>();
    private final Map<Name, Instant> losses = new HashMap<>();

    /// Returns whether a zone would lose more than half of its records.
    static boolean dropsRecords(int before, int after) {
        return after * 2L < before;
    }

    /// Accepts the current zones as intended: earlier arrivals and losses no longer count.
    void approve() {
        arrivals.clear();
        losses.clear();
    }

    /// Notes that a zone is served that was not served before.
    void arrived(Name zone, Instant now) {
        if (losses.remove(zone) == null) {
            arrivals.put(zone, now);
        }
    }

    /// Notes that zones are no longer served.
    void lost(Collection<Name> zones, Instant now) {
        for (Name zone : zones) {
            if (isEstablished(zone, now)) {
                losses.put(zone, now);
            }
            arrivals.remove(zone);
        }
    }

    /// Returns whether removing the missing zones looks like an accident. It does if no zone would
    /// remain. It also does if, together with the losses of the last hour, more than one zone and
    /// more than half of them would be lost.
    ///
    /// @param served zones that are answered from their data, including the missing ones
    /// @param missing zones that no longer have a file; those that are not served do not count
    boolean dropsZones(Collection<Name> served, Collection<Name> missing, Instant now) {
        losses.values().removeIf(at -> isOver(at, now));
        Set<Name> gone = new HashSet<>(missing);
        gone.retainAll(new HashSet<>(served));
        if (gone.isEmpty()) {
            return false;
        }
        if (gone.size() == served.size()) {
            return true;
        }
        long established = served.stream().filter(zone -> isEstablished(zone, now)).count();
        long lost = losses.size() + gone.stream().filter(zone -> isEstablished(zone, now)).count();
        return lost > 1 && 2 * lost > established + losses.size();
    }

    private boolean isEstablished(Name zone, Instant now) {
        Instant arrival = arrivals.get(zone);
        return arrival == null || isOver(arrival, now);
    }

    private static boolean isOver(Instant at, Instant now) {
        return Duration.between(at, now).compareTo(WINDOW) > 0;
    }
}
