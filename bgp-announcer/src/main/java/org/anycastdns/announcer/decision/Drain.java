package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.health.Reason;

/// Takes a site out of traffic without losing a query: first its routes are made unattractive, so
/// that the routers move to others while ours still works; then they are withdrawn, while the
/// responder answers what still arrives; at last the sessions end.
///
/// Whoever ordered it can take it back; it lasts as long as anyone wants it.
///
/// @param pace how long each phase takes
/// @param phase how far it has come
/// @param orders who wants it, and why
/// @param sinceNanos when the phase began, on a clock that only moves forward
public record Drain(Pace pace, Phase phase, Map<Source, Reason> orders, long sinceNanos) {

    /// How far a drain has come.
    public enum Phase {
        /// Nobody wants one.
        OFF,
        /// Announced and unattractive.
        DEPREFERENCED,
        /// Withdrawn; what still arrives is answered.
        LINGERING,
        /// Nothing arrives any more: the sessions end.
        STOPPED
    }

    /// Who can want one.
    public enum Source {
        OPERATOR,
        MAINTENANCE_FILE,
        RESPONDER,
        STOPPING
    }

    /// How long each phase takes.
    ///
    /// @param depreferenced announced and unattractive, at most
    /// @param linger withdrawn, at most
    /// @param quietPerSecond the clients' queries per second at which nobody is left to wait for
    public record Pace(Duration depreferenced, Duration linger, double quietPerSecond) {

        /// The least time in a phase: routers need a moment to follow.
        static final Duration SETTLE = Duration.ofSeconds(1);

        /// The same within a bound for the whole: half of it for each phase.
        public Pace within(Duration bound) {
            Duration half = bound.dividedBy(2);
            return new Pace(shorter(depreferenced, half), shorter(linger, half), quietPerSecond);
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        /// Whether a phase of that length is over.
        boolean over(Duration longest, long nanos, double perSecond) {
            boolean quiet = perSecond <= quietPerSecond; // false while it is not known
            return nanos >= (quiet ? shorter(SETTLE, longest) : longest).toNanos();
        }
    }

    public Drain {
        orders = orders.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(orders));
    }

    /// No drain.
    public static Drain none(Pace pace) {
        return new Drain(pace, Phase.OFF, Map.of(), 0);
    }

    /// A drain from the start on: nothing was ever announced.
    public static Drain stopped(Pace pace, Source source, Reason reason, long nowNanos) {
        return new Drain(pace, Phase.STOPPED, Map.of(source, reason), nowNanos);
    }

    /// The drain that someone wants as well, or for another reason than before.
    public Drain ordered(Source source, Reason reason, long nowNanos) {
        Map<Source, Reason> all = new EnumMap<>(Source.class);
        all.putAll(orders);
        all.put(source, reason);
        return phase == Phase.OFF
                ? new Drain(pace, Phase.DEPREFERENCED, all, nowNanos)
                : new Drain(pace, phase, all, sinceNanos);
    }

    /// The drain that one party wants no more.
    public Drain released(Source source, long nowNanos) {
        if (!orders.containsKey(source)) {
            return this;
        }
        Map<Source, Reason> rest = new EnumMap<>(orders);
        rest.remove(source);
        return rest.isEmpty()
                ? new Drain(pace, Phase.OFF, Map.of(), nowNanos)
                : new Drain(pace, phase, rest, sinceNanos);
    }

    /// Whether nothing is left to wait for.
    public boolean stopped() {
        return phase == Phase.STOPPED;
    }

    /// The same at another pace.
    public Drain at(Pace other) {
        return new Drain(other, phase, orders, sinceNanos);
    }

    /// How far it has come by now.
    ///
    /// @param attracts whether the site would be announced without the drain
    /// @param perSecond the clients' queries; NaN when they are not counted
    public Drain on(boolean attracts, double perSecond, long nowNanos) {
        long nanos = nowNanos - sinceNanos;
        return switch (phase) {
            case OFF, STOPPED -> this;
            case DEPREFERENCED ->
                    !attracts || pace.over(pace.depreferenced(), nanos, perSecond)
                            ? new Drain(pace, Phase.LINGERING, orders, nowNanos)
                            : this;
            case LINGERING ->
                    ending() && (!attracts || pace.over(pace.linger(), nanos, perSecond))
                            ? new Drain(pace, Phase.STOPPED, orders, nowNanos)
                            : this;
        };
    }

    /// Whether the sessions are to end: a responder that drains itself is soon back.
    private boolean ending() {
        return orders.keySet().stream().anyMatch(source -> source != Source.RESPONDER);
    }

    /// What a decision becomes under the drain.
    ///
    /// @param policy what makes a route unattractive
    public Decision apply(Decision decision, DepreferencePolicy policy) {
        List<Reason> why = new ArrayList<>(orders.values());
        why.addAll(decision.why());
        return switch (phase) {
            case OFF -> decision;
            case DEPREFERENCED ->
                    switch (decision) {
                        case Decision.Announce(var prefixes) ->
                                new Decision.Depreference(prefixes, policy.leaving(), why);
                        case Decision.Depreference(var prefixes, _, _) ->
                                new Decision.Depreference(prefixes, policy.leaving(), why);
                        case Decision.Withdraw _ -> new Decision.Withdraw(why);
                    };
            case LINGERING, STOPPED -> new Decision.Withdraw(why);
        };
    }
}
