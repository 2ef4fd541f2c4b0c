package org.anycastdns.server.transfer.secondary;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides which zone asks its primary next. Zones whose primary sent NOTIFY go before routine
/// refreshes, and a primary that is slow takes a part of the requests only. Owned by one thread.
///
/// A primary that does not answer is not asked for a while: each of its zones would wait for the
/// same timeout. A NOTIFY from it, or the operator, ends that.
final class TransferQueue {

    /// How long a primary is left alone that did not answer.
    static final long REST_MILLIS = 10_000;

    private final int atOnce;
    private final int atOncePerPrimary;
    private final Map<InetSocketAddress, Line> lines = new HashMap<>();
    private final List<Line> order = new ArrayList<>();
    private int running;
    private int turn;

    /// A zone that may ask now.
    ///
    /// @param mayAsk false if the primary did not answer lately, so that it need not be asked
    record Turn(SecondaryZone zone, boolean mayAsk) {}

    /// The zones that wait for one address.
    private static final class Line {

        private final Deque<SecondaryZone> notified = new ArrayDeque<>();
        private final Deque<SecondaryZone> routine = new ArrayDeque<>();
        private int running;
        private long restsUntil = Long.MIN_VALUE;

        /// Returns the next zone that still waits here. A zone that was moved to the front is in
        /// both queues.
        private @Nullable SecondaryZone next(boolean first) {
            Deque<SecondaryZone> queue = first ? notified : routine;
            SecondaryZone zone = queue.poll();
            while (zone != null && zone.waitsIn != this) {
                zone = queue.poll();
            }
            if (zone != null) {
                zone.waitsIn = null;
            }
            return zone;
        }
    }

    TransferQueue(int atOnce, int atOncePerPrimary) {
        this.atOnce = atOnce;
        this.atOncePerPrimary = atOncePerPrimary;
    }

    private Line line(Primary primary) {
        return lines.computeIfAbsent(
                primary.address(),
                _ -> {
                    Line line = new Line();
                    order.add(line);
                    return line;
                });
    }

    /// Adds a zone that wants to ask one of its primaries. It waits for one at a time.
    ///
    /// @param first whether it goes before routine refreshes
    void add(SecondaryZone zone, Primary primary, boolean first) {
        Line line = line(primary);
        zone.waitsIn = line;
        (first ? line.notified : line.routine).add(zone);
    }

    /// Moves a zone that waits to the others that go first.
    void promote(SecondaryZone zone) {
        if (zone.waitsIn instanceof Line line) {
            line.notified.add(zone);
        }
    }

    /// Returns whose turn it is, or null if no more may run, or nothing waits. A zone that may ask
    /// counts as running until {@link #ends}.
    @Nullable Turn next(long nowMillis) {
        for (boolean first : new boolean[] {true, false}) {
            for (int i = 0; i < order.size() && running < atOnce; i++) {
                Line line = order.get((turn + i) % order.size());
                if (line.running < atOncePerPrimary) {
                    SecondaryZone zone = line.next(first);
                    if (zone != null) {
                        turn = (turn + i + 1) % order.size();
                        return started(zone, line, nowMillis);
                    }
                }
            }
        }
        return null;
    }

    private Turn started(SecondaryZone zone, Line line, long nowMillis) {
        boolean mayAsk = nowMillis >= line.restsUntil;
        if (mayAsk) {
            line.running++;
            running++;
        }
        return new Turn(zone, mayAsk);
    }

    /// Notes that a request has ended.
    ///
    /// @param answered whether the primary answered at all
    void ends(Primary primary, boolean answered, long nowMillis) {
        Line line = line(primary);
        line.running--;
        running--;
        line.restsUntil = answered ? Long.MIN_VALUE : nowMillis + REST_MILLIS;
    }

    /// Notes that a primary is there, or that the operator wants it to be asked.
    void wake(Primary primary) {
        line(primary).restsUntil = Long.MIN_VALUE;
    }

    /// Returns how many requests run.
    int running() {
        return running;
    }
}
