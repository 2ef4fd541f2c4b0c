package org.anycastdns.announcer.health;

/// The recent probes of one transport: whether it counts as up, and how many in a row say so.
///
/// @param up whether the transport counts as up
/// @param good probes answered right in a row up to now
/// @param bad probes failed in a row up to now
/// @param idle ticks since the last probe ended
/// @param late right answers in a row up to now that came late
/// @param rightTicks ticks since the last right answer that counts
/// @param last how the last probe ended
public record Streak(
        boolean up, int good, int bad, int idle, int late, int rightTicks, Outcome last) {

    /// A row longer than this says nothing more; keeps the counters from wrapping.
    private static final int ROW_MAX = 1_000_000;

    /// A transport that was never probed: down until `rise` good probes.
    static final Streak NONE =
            new Streak(false, 0, 0, 0, 0, ROW_MAX, new Outcome.Unanswered("not probed yet"));

    /// The streak after one more probe.
    Streak on(Outcome outcome, Limits limits) {
        return switch (outcome) {
            case Outcome.Right(long nanos) -> {
                int row = Math.min(good + 1, ROW_MAX);
                int lateRow = nanos > limits.slowNanos() ? Math.min(late + 1, ROW_MAX) : 0;
                yield new Streak(up || row >= limits.rise(), row, 0, 0, lateRow, 0, outcome);
            }
            case Outcome.Wrong _, Outcome.Unanswered _ -> {
                int row = Math.min(bad + 1, ROW_MAX);
                boolean still = up && row < limits.fall();
                yield new Streak(still, 0, row, 0, late, rightTicks, outcome);
            }
        };
    }

    /// The streak after a tick without a probe's end; down when the prober itself has gone quiet.
    Streak ticked(Limits limits) {
        int quiet = Math.min(idle + 1, ROW_MAX);
        int since = Math.min(rightTicks + 1, ROW_MAX);
        return quiet < limits.quietTicks()
                ? new Streak(up, good, bad, quiet, late, since, last)
                : new Streak(false, 0, bad, quiet, late, since, last);
    }

    /// Down, and counting from nothing, after evidence that outweighs any probe.
    Streak reset() {
        return new Streak(false, 0, bad, idle, 0, ROW_MAX, last);
    }

    /// Whether the last probe was answered right.
    boolean lastRight() {
        return last instanceof Outcome.Right;
    }

    /// Whether the right answers come late.
    boolean slow() {
        return late >= Limits.SLOW_ROW;
    }

    /// Whether probes go unanswered, and one was answered right not long ago: what a responder with
    /// too much to do looks like.
    boolean losing(Limits limits) {
        return last instanceof Outcome.Unanswered
                && rightTicks < Limits.ABSORB_TICKS
                && idle < limits.quietTicks();
    }

    /// Whether the last probe was answered at all, right or wrong.
    boolean answered() {
        return switch (last) {
            case Outcome.Right _, Outcome.Wrong _ -> true;
            case Outcome.Unanswered _ -> false;
        };
    }

    /// Whether somebody may listen: the last probe was not refused.
    boolean listening() {
        return !(last instanceof Outcome.Unanswered(_, boolean refused)) || !refused;
    }

    /// The streak in words, given the limits it is held against.
    String text(ProbeTransport transport, Limits limits) {
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
