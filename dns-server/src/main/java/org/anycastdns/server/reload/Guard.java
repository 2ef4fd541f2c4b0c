package org.anycastdns.server.reload;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.Name;

/// Tells an accident from a change: an empty disk, a broken generator or a wrong folder makes zones
/// or records vanish by the dozen. What looks like one has to be asked for with force.
///
/// Zones that vanish count together over {@link #WINDOW}, so that many small steps are no way
/// around. A zone that came within that time does not count: whoever adds a zone and takes it away
/// again loses nothing. Time is an argument.
final class Guard {

    /// Removals within this time count together: an operator who means them has long noticed.
    static final Duration WINDOW = Duration.ofHours(1);

    // Only of the last hour; what is older is one of the zones that count.
    private final Map<Name, Instant> arrivals = new HashMap<>();
    private final Map<Name, Instant> losses = new HashMap<>();

    /// Whether a zone would lose more than half of its records.
    static boolean dropsRecords(int before, int after) {
        return after * 2L < before;
    }

    /// The zones are as the operator wants them: nothing counts that was lost or came before.
    void approve() {
        arrivals.clear();
        losses.clear();
    }

    /// A zone is served that was not.
    void arrived(Name zone, Instant now) {
        if (losses.remove(zone) == null) {
            arrivals.put(zone, now);
        }
    }

    /// Zones are served no more.
    void lost(Collection<Name> zones, Instant now) {
        for (Name zone : zones) {
            if (isEstablished(zone, now)) {
                losses.put(zone, now);
            }
            arrivals.remove(zone);
        }
    }

    /// Whether it would be an accident if zones were served no more: the last one, or together with
    /// those that were lost in the last hour more than one and more than half.
    ///
    /// @param served zones that are answered from their data, the missing ones too
    /// @param missing zones that have no file any more; those that are not served count for nothing
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
