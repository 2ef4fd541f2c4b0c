package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;

/// The other sites, and whether this site may withdraw as well. A cause of wrong answers, such as
/// bad data or a bug, may be the same at every site. If every site withdrew, there would be no
/// service. So only a limited number may be withdrawn at a time, never the last one. A site that
/// sends no heartbeats counts as down.
///
/// Sites that fail at the same moment do not know of each other yet, so they all withdraw. When
/// their heartbeats arrive, the sites whose names sort last announce again.
///
/// @param self the name of this site
/// @param withdrawnMax the maximum number of sites that may be withdrawn while they still answer
/// @param lastStays whether the last site stays announced while its responder listens but does not
///   answer
/// @param brake the limits for the alarm about too many changes at once
/// @param size the number of other sites; 0 disables all limits
/// @param others the last heartbeat of each site, by name
public record Fleet(
        String self,
        int withdrawnMax,
        boolean lastStays,
        Brake brake,
        int size,
        Map<String, Sighting> others) {

    /// How long a site counts as up after its last heartbeat: five heartbeat intervals.
    public static final Duration SILENCE_MAX = Duration.ofSeconds(1);

    /// The state of a site, as it tells the others.
    public enum Stance {
        ANNOUNCED,
        DEPREFERENCED,
        /// Withdrawn, but answers something and could be announced again at once.
        YIELDING,
        /// Withdrawn and cannot be announced again: it does not answer, or is drained.
        WITHDRAWN
    }

    /// The last heartbeat of a site.
    ///
    /// @param atNanos when it arrived, on a monotonic clock
    /// @param changes how many times the site has changed its stance or come back from silence
    /// @param changedNanos when that last happened
    public record Sighting(Stance stance, long atNanos, int changes, long changedNanos) {

        /// Returns whether no heartbeat has arrived for too long.
        boolean silent(long nowNanos) {
            return nowNanos - atNanos >= SILENCE_MAX.toNanos();
        }

        private Sighting then(Stance next, long nowNanos) {
            return next == stance && !silent(nowNanos)
                    ? new Sighting(stance, nowNanos, changes, changedNanos)
                    : new Sighting(next, nowNanos, changes + 1, nowNanos);
        }

        private boolean changedWithin(long nanos, long nowNanos) {
            return silent(nowNanos)
                    ? nowNanos - atNanos - SILENCE_MAX.toNanos() < nanos
                    : changes > 0 && nowNanos - changedNanos < nanos;
        }
    }

    /// The limits for the alarm about too many changes at once, which indicate a common cause. A
    /// site changes when it changes its stance or falls silent.
    ///
    /// @param percent the share of the sites in percent; the alarm needs more than this
    /// @param window the time within which changes count
    /// @param freezes whether the alarm also blocks soft evidence; off by default. A site that
    ///   stays attractive receives the traffic of all sites that were depreferenced before it.
    public record Brake(int percent, Duration window, boolean freezes) {}

    /// The fleet of a site that runs alone, without limits.
    public static final Fleet ALONE =
            new Fleet("", 0, true, new Brake(100, Duration.ZERO, false), 0, Map.of());

    public Fleet {
        others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
    }

    /// Returns the default for the maximum number of withdrawn sites: a third, rounded down.
    ///
    /// @param sites the number of sites, including this one
    public static int withdrawnMax(int sites) {
        return sites / 3;
    }

    /// Returns the fleet after a heartbeat. A new name is ignored when all sites are already known.
    public Fleet heard(String name, Stance stance, long nowNanos) {
        if (name.equals(self) || (!others.containsKey(name) && others.size() >= size)) {
            return this;
        }
        Map<String, Sighting> next = new TreeMap<>(others);
        Sighting before = others.get(name);
        next.put(
                name,
                before == null
                        ? new Sighting(stance, nowNanos, 0, nowNanos)
                        : before.then(stance, nowNanos));
        return new Fleet(self, withdrawnMax, lastStays, brake, size, next);
    }

    /// Returns the fleet without a site, which has another name now.
    public Fleet forgotten(String name) {
        Map<String, Sighting> next = new TreeMap<>(others);
        next.remove(name);
        return new Fleet(self, withdrawnMax, lastStays, brake, size, next);
    }

    /// Returns how many other sites this site must count as down. Withdrawn sites that still answer
    /// and whose name sorts after ours count as up, because they will announce again.
    public int down(long nowNanos) {
        int up = 0;
        for (Map.Entry<String, Sighting> other : others.entrySet()) {
            if (!other.getValue().silent(nowNanos)) {
                up +=
                        switch (other.getValue().stance()) {
                            case ANNOUNCED, DEPREFERENCED -> 1;
                            case YIELDING -> other.getKey().compareTo(self) > 0 ? 1 : 0;
                            case WITHDRAWN -> 0;
                        };
            }
        }
        return size - up;
    }

    /// Returns whether one more site may withdraw while it still answers something.
    public boolean permits(long nowNanos) {
        int down = down(nowNanos);
        return size == 0 || (down < withdrawnMax && down < size);
    }

    /// Returns how many other sites recently changed their stance or fell silent.
    public int changed(long nowNanos) {
        long window = brake.window().toNanos();
        return (int)
                others.values().stream()
                        .filter(other -> other.changedWithin(window, nowNanos))
                        .count();
    }

    /// Returns whether the share of known sites that changed, with this site in the total, is above
    /// the limit.
    public boolean turning(long nowNanos) {
        return 100L * changed(nowNanos) > (long) brake.percent() * (others.size() + 1);
    }

    /// Returns whether soft evidence is blocked now.
    boolean frozen(long nowNanos) {
        return brake.freezes() && turning(nowNanos);
    }

    /// Returns the decision for a site that answers nothing while its responder still listens. If
    /// every other site is down, a withdrawal has no benefit, so the policy decides.
    Decision applyLast(
            Decision decision, Set<Prefix> prefixes, DepreferencePolicy policy, long nowNanos) {
        boolean last = size > 0 && down(nowNanos) >= size;
        if (!(decision instanceof Decision.Withdraw(var reasons)) || !lastStays || !last) {
            return decision;
        }
        String text =
                "all %d other sites are down or silent: announced as long as its port is bound"
                        .formatted(size);
        List<Reason> why = new ArrayList<>(List.of(new Reason(Cause.LAST_SITE, text)));
        why.addAll(reasons);
        return new Decision.Depreference(prefixes, policy, why);
    }

    /// Returns the decision, with a withdrawal replaced if it is not permitted.
    Decision apply(
            Decision decision, Set<Prefix> prefixes, DepreferencePolicy policy, long nowNanos) {
        if (!(decision instanceof Decision.Withdraw(var reasons)) || permits(nowNanos)) {
            return decision;
        }
        String text =
                "%d of %d other sites are down or silent: announced as long as it answers something"
                        .formatted(down(nowNanos), size);
        List<Reason> why = new ArrayList<>(List.of(new Reason(Cause.LAST_SITE, text)));
        why.addAll(reasons);
        return new Decision.Depreference(prefixes, policy, why);
    }

    /// Returns the stance that this site tells the others.
    ///
    /// @param answersSomething whether it could be announced again at once
    static Stance stance(Decision decision, boolean answersSomething) {
        return switch (decision) {
            case Decision.Announce _ -> Stance.ANNOUNCED;
            case Decision.Depreference _ -> Stance.DEPREFERENCED;
            case Decision.Withdraw _ -> answersSomething ? Stance.YIELDING : Stance.WITHDRAWN;
        };
    }
}
