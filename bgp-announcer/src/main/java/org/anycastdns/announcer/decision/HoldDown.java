package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.decision.Decision.Level;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;

/// Holds down a flapping site, so that routers do not damp its routes. Every change of a route or
/// its attributes adds to its penalty there (RFC 2439). A change for the worse is applied at once.
/// A change for the better must have lasted for a while, and longer with every flap.
///
/// A site that fails for the first time in a long while comes back as soon as it is healthy.
///
/// @param pace how long a site is held down
/// @param shown the decision that is passed on
/// @param wanted the level that the evidence called for last
/// @param flaps how many times the site got worse after it had improved
/// @param improved whether it has improved since it last got worse
/// @param worseNanos when the evidence last got worse, on a monotonic clock
public record HoldDown(
        Pace pace, Decision shown, Level wanted, int flaps, boolean improved, long worseNanos) {

    /// How long a site is held down.
    ///
    /// @param first the pause after the second flap; it doubles with every further one
    /// @param longest the maximum pause
    /// @param clean the time without a failure after which all flaps are forgotten
    public record Pace(Duration first, Duration longest, Duration clean) {

        /// The default: 10 s to 5 min. RFC 7196 suppresses a route after six flaps in a row, and
        /// forgets half of them in 15 min.
        public static final Pace USUAL =
                new Pace(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMinutes(10));

        /// Returns the pause after a number of flaps; none after the first.
        Duration pause(int flaps) {
            if (flaps < 2) {
                return Duration.ZERO;
            }
            Duration grown = first.multipliedBy(1L << Math.min(flaps - 2, Integer.SIZE / 2));
            return grown.compareTo(longest) < 0 ? grown : longest;
        }
    }

    /// Returns a state that shows a first decision.
    public static HoldDown of(Pace pace, Decision first, long nowNanos) {
        return new HoldDown(pace, first, first.level(), 0, true, nowNanos);
    }

    /// Returns the state after the evidence has called for a decision.
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

    /// Returns the state with all flaps forgotten, because the operator vouches for the site.
    public HoldDown forgiven() {
        return new HoldDown(pace, shown, wanted, 0, improved, worseNanos);
    }

    /// Returns the state with another pace.
    public HoldDown at(Pace other) {
        return new HoldDown(other, shown, wanted, flaps, improved, worseNanos);
    }

    /// Returns the held-down decision, with hold-down as its first reason.
    private Decision held(Decision better, Duration pause) {
        String text =
                "well again, and held down until %d s have passed without a failure (%d flaps)"
                        .formatted(pause.toSeconds(), flaps);
        List<Reason> why = first(new Reason(Cause.HELD_DOWN, text), shown.why());
        return shown instanceof Decision.Depreference(_, var policy, _)
                ? new Decision.Depreference(better.prefixes(), policy, why)
                : new Decision.Withdraw(why);
    }

    /// Returns this reason, followed by the given ones except other hold-down reasons.
    private static List<Reason> first(Reason reason, List<Reason> reasons) {
        List<Reason> all = new ArrayList<>(List.of(reason));
        reasons.stream().filter(r -> r.cause() != Cause.HELD_DOWN).forEach(all::add);
        return all;
    }
}
