package org.anycastdns.server.reload;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.wire.Name;

/// Tells which zones wait because their files keep changing. Used by one thread.
final class MovingFiles {

    /// A file that has kept changing for this long is shown as waiting.
    private static final long MOVING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<Name, Long> movingSince = new HashMap<>();

    /// Returns the zones that wait before changed files are tried: those that waited before and
    /// were not read since, and those whose files keep changing.
    ///
    /// @param before the zones that waited before, and why
    /// @param readable whether the folder could be read
    Map<Name, String> waiting(Map<Name, String> before, Changes changes, boolean readable) {
        Map<Name, String> now = new TreeMap<>(before);
        long nanos = System.nanoTime();
        movingSince.keySet().retainAll(changes.moving());
        for (Name zone : changes.moving()) {
            if (nanos - movingSince.computeIfAbsent(zone, _ -> nanos) >= MOVING_NANOS) {
                now.put(zone, "its file keeps changing");
            }
        }
        now.keySet()
                .removeIf(zone ->
                        !movingSince.containsKey(zone)
                                && !changes.load().containsKey(zone)
                                && readable);
        return now;
    }
}
