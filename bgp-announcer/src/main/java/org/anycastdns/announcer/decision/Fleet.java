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

/// The other sites, and whether this one may go as well. What makes a responder answer wrong (bad
/// data, a bug) may well be the same everywhere; when every site withdrew for it, there would be no
/// service at all. So only so many may be withdrawn at a time, never the last one, and a site that
/// nothing is heard of counts as down.
///
/// Sites that fail at the same moment do not know of each other yet and all go; when they hear of
/// each other, those with the greater names come back.
///
/// @param self this site's name
/// @param withdrawnMax the most sites that may be withdrawn while they answer something
/// @param lastStays whether the last site stays while its responder is there, though it answers
///   nothing
/// @param brake when so many change at once that people must look
/// @param size how many other sites there are; 0 puts no bound on anything
/// @param others what was heard of them, by name
public record Fleet(
        String self,
        int withdrawnMax,
        boolean lastStays,
        Brake brake,
        int size,
        Map<String, Sighting> others) {

    /// How long a site counts as up after its last word: five heartbeats.
    public static final Duration SILENCE_MAX = Duration.ofSeconds(1);

    /// What a site does, as it tells the others.
    public enum Stance {
        ANNOUNCED,
        DEPREFERENCED,
        /// Withdrawn, and it could come back at once: it answers something.
        YIELDING,
        /// Withdrawn, and it cannot come back: it does not answer, or is being drained.
        WITHDRAWN
    }

    /// The last word of a site.
    ///
    /// @param atNanos when it came, on a clock that only moves forward
    /// @param changes how many times the site has changed its stance, or came back from silence
    /// @param changedNanos when it last did
    public record Sighting(Stance stance, long atNanos, int changes, long changedNanos) {

        private boolean silent(long nowNanos) {
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

    /// When so many sites change what they do, or fall silent, that one cause must be behind it.
    ///
    /// @param percent the share of the sites; more than that is too many
    /// @param window the time within which changes count
    /// @param freezes whether soft evidence then moves nothing. Not unless someone wants it: a site
    ///   that stays as attractive as it was draws the traffic of all that stepped back before it
    public record Brake(int percent, Duration window, boolean freezes) {}

    /// This site alone: it does as it sees fit.
    public static final Fleet ALONE =
            new Fleet("", 0, true, new Brake(100, Duration.ZERO, false), 0, Map.of());

    public Fleet {
        others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
    }

    /// How many may be withdrawn unless someone says otherwise: a third, rounded down.
    ///
    /// @param sites how many there are with this one
    public static int withdrawnMax(int sites) {
        return sites / 3;
    }

    /// The fleet after a word from a site; names beyond the number of sites are not taken.
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

    /// How many others are out, as far as this site must count them: those that went on the same
    /// grounds and have a greater name will yield to it.
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

    /// Whether one more may be withdrawn while it answers something.
    public boolean permits(long nowNanos) {
        int down = down(nowNanos);
        return size == 0 || (down < withdrawnMax && down < size);
    }

    /// How many others changed what they do, or fell silent, a short while ago.
    public int changed(long nowNanos) {
        long window = brake.window().toNanos();
        return (int)
                others.values().stream()
                        .filter(other -> other.changedWithin(window, nowNanos))
                        .count();
    }

    /// Whether more of the known sites, this one among them, changed than chance explains.
    public boolean turning(long nowNanos) {
        return 100L * changed(nowNanos) > (long) brake.percent() * (others.size() + 1);
    }

    /// Whether soft evidence is to move nothing now.
    boolean frozen(long nowNanos) {
        return brake.freezes() && turning(nowNanos);
    }

    /// What the withdrawal of a site that answers nothing, and whose responder is there, becomes
    /// when no other site is left: pointless, and so a matter of policy.
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

    /// What a withdrawal becomes when it is not permitted.
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

    /// What this site tells the others.
    ///
    /// @param answersSomething whether it could come back at once
    static Stance stance(Decision decision, boolean answersSomething) {
        return switch (decision) {
            case Decision.Announce _ -> Stance.ANNOUNCED;
            case Decision.Depreference _ -> Stance.DEPREFERENCED;
            case Decision.Withdraw _ -> answersSomething ? Stance.YIELDING : Stance.WITHDRAWN;
        };
    }
}
