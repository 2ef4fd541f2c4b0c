package org.anycastdns.server.transfer.catalog;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.Name;

/// Tells whether members go by accident, as `reload.Guard` does for zone files: a broken generator
/// may empty a catalog, and every server that follows it drops its zones.
///
/// Losses within {@link #WINDOW_MILLIS} count together, so that many small ones do not bypass the
/// guard. A zone that came within that time does not count. A zone that is reset loses its data, so
/// it counts as lost, but it is no reason to think that the catalog is empty.
final class LossGuard {

    /// An hour: by then, an operator who did not intend the losses has noticed them.
    static final long WINDOW_MILLIS = 3_600_000;

    // Both in the order of time.
    private final Map<Name, Long> arrivals = new LinkedHashMap<>();
    private final Map<Name, Long> losses = new LinkedHashMap<>();
    private int held;

    /// Returns how many zones are held.
    int held() {
        return held;
    }

    /// Notes a zone that is held since long.
    void established() {
        held++;
    }

    /// Notes a zone that is held from now on.
    void arrived(Name zone, long nowMillis) {
        held++;
        if (losses.remove(zone) == null) {
            note(arrivals, zone, nowMillis);
        }
    }

    /// Notes a zone that is not served any more.
    void lost(Name zone, long nowMillis) {
        held--;
        if (arrivals.remove(zone) == null) {
            note(losses, zone, nowMillis);
        }
    }

    /// Notes a zone that starts afresh.
    void reset(Name zone, long nowMillis) {
        lost(zone, nowMillis);
        held++;
        note(arrivals, zone, nowMillis);
    }

    /// Notes a zone that has another owner now and goes on.
    void left(Name zone) {
        held--;
        arrivals.remove(zone);
    }

    /// Accepts all that happened as intended: earlier arrivals and losses no longer count.
    void approve() {
        arrivals.clear();
        losses.clear();
    }

    private static void note(Map<Name, Long> times, Name zone, long nowMillis) {
        times.remove(zone);
        times.put(zone, nowMillis);
    }

    /// Returns whether a change looks like an accident: no zone would remain, or more than one zone
    /// and more than half of them would be lost.
    ///
    /// @param gone held zones that would not be served any more
    /// @param reset other held zones that would start afresh
    boolean refuses(Set<Name> gone, Set<Name> reset, long nowMillis) {
        forget(arrivals, nowMillis);
        forget(losses, nowMillis);
        if (gone.isEmpty() && reset.isEmpty()) {
            return false;
        }
        if (gone.size() == held) {
            return true;
        }
        long lost = losses.size() + established(gone) + established(reset);
        long all = (long) held - arrivals.size() + losses.size();
        return lost > 1 && 2 * lost > all;
    }

    private long established(Set<Name> zones) {
        return zones.stream().filter(zone -> !arrivals.containsKey(zone)).count();
    }

    private static void forget(Map<Name, Long> times, long nowMillis) {
        Iterator<Long> each = times.values().iterator();
        while (each.hasNext() && nowMillis - each.next() > WINDOW_MILLIS) {
            each.remove();
        }
    }
}
