package org.anycastdns.announcer.health;

/// The recent probes of one transport: whether it is up, and how many probes in a row support that.
///
/// @param up whether the transport is up
/// @param good successful probes in a row
/// @param bad failed probes in a row
/// @param idle ticks since the last probe finished
/// @param late correct answers in a row that were late
/// @param rightTicks ticks since the last correct answer that counts
/// @param last the outcome of the last probe
public record Streak(
        boolean up, int good, int bad, int idle, int late, int rightTicks, Outcome last) {

    /// The upper bound of the counters, which keeps them from overflowing.
    private static final int ROW_MAX = 1_000_000;

    /// A transport that was never probed: down until `rise` good probes.
    static final Streak NONE =
            new Streak(false, 0, 0, 0, 0, ROW_MAX, new Outcome.Unanswered("not probed yet"));

    /// Returns the streak after one more probe.
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

    /// Returns the streak after a tick without a finished probe. It is down when the prober itself
    /// has stopped.
    Streak ticked(Limits limits) {
        int quiet = Math.min(idle + 1, ROW_MAX);
        int since = Math.min(rightTicks + 1, ROW_MAX);
        return quiet < limits.quietTicks()
                ? new Streak(up, good, bad, quiet, late, since, last)
                : new Streak(false, 0, bad, quiet, late, since, last);
    }

    /// Returns the streak as down and restarted, after evidence that outweighs any probe.
    Streak reset() {
        return new Streak(false, 0, bad, idle, 0, ROW_MAX, last);
    }

    /// Returns whether the last probe was answered correctly.
    boolean lastRight() {
        return last instanceof Outcome.Right;
    }

    /// Returns whether correct answers are late.
    boolean slow() {
        return late >= Limits.SLOW_ROW;
    }

    /// Returns whether probes go unanswered although one succeeded recently, as with an overloaded
    /// responder.
    boolean losing(Limits limits) {
        return last instanceof Outcome.Unanswered
                && rightTicks < Limits.ABSORB_TICKS
                && idle < limits.quietTicks();
    }

    /// Returns whether the last probe got a response, right or wrong.
    boolean answered() {
        return switch (last) {
            case Outcome.Right _, Outcome.Wrong _ -> true;
            case Outcome.Unanswered _ -> false;
        };
    }

    /// Returns whether the port may be open: the last probe was not refused.
    boolean listening() {
        return !(last instanceof Outcome.Unanswered(_, boolean refused)) || !refused;
    }

    /// Returns the streak in words, compared with its limits.
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
