package org.anycastdns.announcer.health;

/// The recent probes of one transport: whether it counts as up, and how many in a row say so.
///
/// @param up whether the transport counts as up
/// @param good probes answered right in a row up to now
/// @param bad probes failed in a row up to now
/// @param idle ticks since the last probe ended
/// @param last how the last probe ended
public record Streak(boolean up, int good, int bad, int idle, Outcome last) {

    /// A transport that was never probed: down until `rise` good probes.
    static final Streak NONE = new Streak(false, 0, 0, 0, new Outcome.Unanswered("not probed yet"));

    /// A row longer than this says nothing more; keeps the counters from wrapping.
    private static final int ROW_MAX = 1_000_000;

    /// The streak after one more probe.
    Streak on(Outcome outcome, Limits limits) {
        return switch (outcome) {
            case Outcome.Right _ -> {
                int row = Math.min(good + 1, ROW_MAX);
                yield new Streak(up || row >= limits.rise(), row, 0, 0, outcome);
            }
            case Outcome.Wrong _, Outcome.Unanswered _ -> {
                int row = Math.min(bad + 1, ROW_MAX);
                yield new Streak(up && row < limits.fall(), 0, row, 0, outcome);
            }
        };
    }

    /// The streak after a tick without a probe's end; down when the prober itself has gone quiet.
    Streak ticked(Limits limits) {
        int quiet = Math.min(idle + 1, ROW_MAX);
        return quiet < limits.quietTicks()
                ? new Streak(up, good, bad, quiet, last)
                : new Streak(false, 0, bad, quiet, last);
    }

    /// Down, and counting from nothing, after evidence that outweighs any probe.
    Streak reset() {
        return new Streak(false, 0, bad, idle, last);
    }

    /// Whether the last probe was answered right.
    boolean lastRight() {
        return last instanceof Outcome.Right;
    }

    /// The streak in words, given the limits it is held against.
    String text(Transport transport, Limits limits) {
        if (idle >= limits.quietTicks()) {
            return "no probe over %s has ended for %d ms"
                    .formatted(transport, idle * Limits.TICK_MILLIS);
        }
        if (bad > 0) {
            return "%d %s over %s failed: %s"
                    .formatted(bad, bad == 1 ? "probe" : "probes in a row", transport, last.text());
        }
        return "%d of %d good probes over %s so far".formatted(good, limits.rise(), transport);
    }
}
