package org.anycastdns.announcer.health;

/// What is known of one check: whether it is up, and how many results in a row support that.
///
/// @param terms what the results mean
/// @param up whether the check is up
/// @param tried whether it has had a result
/// @param good good results in a row; a warning counts as good
/// @param bad failures in a row
/// @param idle ticks since the last result
/// @param last the last result
public record CheckState(
        CheckTerms terms,
        boolean up,
        boolean tried,
        int good,
        int bad,
        int idle,
        CheckResult last) {

    /// The upper bound of the counters, which keeps them from overflowing.
    private static final int ROW_MAX = 1_000_000;

    private static final CheckResult UNTRIED = new CheckResult.Failed("not checked yet");

    /// Returns the state of a check without a result: down until `rise` good ones.
    static CheckState none(CheckTerms terms) {
        return new CheckState(terms, false, false, 0, 0, 0, UNTRIED);
    }

    /// Returns the state of a check that a reload adds to a running service. It counts as up until
    /// it fails, because a new check alone is no reason to withdraw.
    static CheckState assumed(CheckTerms terms) {
        return new CheckState(terms, true, false, 0, 0, 0, UNTRIED);
    }

    /// Returns the state under other terms.
    CheckState under(CheckTerms other) {
        return new CheckState(other, up, tried, good, bad, idle, last);
    }

    /// Returns the state after one more result.
    CheckState on(CheckResult result) {
        return switch (result) {
            case CheckResult.Good _, CheckResult.Warned _ -> {
                int row = Math.min(good + 1, ROW_MAX);
                yield new CheckState(terms, up || row >= terms.rise(), true, row, 0, 0, result);
            }
            case CheckResult.Failed(_, var certain) -> {
                int row = Math.min(bad + 1, ROW_MAX);
                boolean still = up && row < terms.fall() && !certain;
                yield new CheckState(terms, still, true, 0, row, 0, result);
            }
        };
    }

    /// Returns the state after a tick without a result. It is down when the checks themselves have
    /// stopped.
    CheckState ticked() {
        int quiet = Math.min(idle + 1, ROW_MAX);
        return isQuiet(quiet)
                ? new CheckState(terms, false, tried, 0, bad, quiet, last)
                : new CheckState(terms, up, tried, good, bad, quiet, last);
    }

    /// Returns whether the check is down for certain: its process has ended.
    boolean ended() {
        return last instanceof CheckResult.Failed(_, var certain) && certain;
    }

    /// Returns the state in words, e.g. `check web/tcp: 3 runs in a row failed: nothing listens`.
    ///
    /// @param service the name of the service
    String text(String service) {
        return "check " + service + "/" + terms.name() + ": " + words();
    }

    private String words() {
        if (isQuiet(idle)) {
            return "no run has ended for " + idle * Limits.TICK_MILLIS + " ms";
        }
        if (!tried) {
            return last.text();
        }
        return switch (last) {
            case CheckResult.Failed(var what, _) when bad > 1 ->
                    bad + " runs in a row failed: " + what;
            case CheckResult.Failed(var what, _) -> what;
            case CheckResult.Warned(var what) when up -> what;
            case CheckResult.Good _, CheckResult.Warned _ ->
                    good + " of " + terms.rise() + " good runs so far";
        };
    }

    private boolean isQuiet(int ticks) {
        return ticks >= terms.quietTicks();
    }
}
