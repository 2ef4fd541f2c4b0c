package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.decision.Decision.Level;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;

/// Holds down a site that flaps, so that routers do not damp its routes: each change of a route, of
/// its attributes too, earns it a penalty there (RFC 2439). What gets worse is told at once; what
/// gets better has to have been good for a while, and the longer the more often it went bad.
///
/// A site that failed for the first time in a long while comes back as soon as it is good again.
///
/// @param pace how long is long enough
/// @param shown what the neighbors are told
/// @param wanted what the evidence called for last
/// @param flaps how many times the site went bad after having got better
/// @param improved whether it got better since it last went bad
/// @param worseNanos when the evidence last got worse, on a clock that only moves forward
public record HoldDown(
        Pace pace, Decision shown, Level wanted, int flaps, boolean improved, long worseNanos) {

    /// How long a site must have been good.
    ///
    /// @param first after the second flap; it doubles with every further one
    /// @param longest the longest
    /// @param clean the time without a failure after which all flaps are forgotten
    public record Pace(Duration first, Duration longest, Duration clean) {

        /// 10 s to 5 min (RFC 7196 suppresses at six flaps in a row, and forgets half of them in 15
        /// min).
        public static final Pace USUAL =
                new Pace(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(10));

        /// The pause after so many flaps: none after the first.
        Duration pause(int flaps) {
            if (flaps < 2) {
                return Duration.ZERO;
            }
            Duration grown = first.multipliedBy(1L << Math.min(flaps - 2, Integer.SIZE / 2));
            return grown.compareTo(longest) < 0 ? grown : longest;
        }
    }

    /// Shows a first decision.
    public static HoldDown of(Pace pace, Decision first, long nowNanos) {
        return new HoldDown(pace, first, first.level(), 0, true, nowNanos);
    }

    /// What holds after the evidence has called for a decision.
    public HoldDown on(Decision decision, long nowNanos) {
        Level level = decision.level();
        boolean worse = level.compareTo(wanted) < 0;
        boolean forgotten = !worse && nowNanos - worseNanos >= pace.clean().toNanos();
        int before = forgotten ? 0 : flaps;
        long since = worse ? nowNanos : worseNanos;
        int step = level.compareTo(shown.level());
        if (step < 0) {
            int flapsNow = improved ? before + 1 : before;
            return new HoldDown(pace, decision, level, flapsNow, false, since);
        }
        if (step == 0) {
            return new HoldDown(pace, decision, level, before, improved, since);
        }
        Duration pause = pace.pause(before);
        return nowNanos - since >= pause.toNanos()
                ? new HoldDown(pace, decision, level, before, true, since)
                : new HoldDown(pace, held(decision, pause), level, before, improved, since);
    }

    /// Forgets all flaps: someone vouches for the site.
    public HoldDown forgiven() {
        return new HoldDown(pace, shown, wanted, 0, improved, worseNanos);
    }

    /// What is shown, with the reason that it still is.
    private Decision held(Decision better, Duration pause) {
        String text =
                "well again, and held down until %d s have passed without a failure (%d flaps)"
                        .formatted(pause.toSeconds(), flaps);
        List<Reason> why = first(new Reason(Cause.HELD_DOWN, text), shown.why());
        return shown instanceof Decision.Depreference(_, var policy, _)
                ? new Decision.Depreference(better.prefixes(), policy, why)
                : new Decision.Withdraw(why);
    }

    /// The reason, then the last one that was not the same.
    private static List<Reason> first(Reason reason, List<Reason> reasons) {
        List<Reason> all = new ArrayList<>(List.of(reason));
        reasons.stream().filter(r -> r.cause() != Cause.HELD_DOWN).forEach(all::add);
        return all;
    }
}
