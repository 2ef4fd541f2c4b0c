package org.anycastdns.announcer.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.health.Reason;

/// A drain: takes a site out of traffic without losing a query. First the routes are depreferenced,
/// so that routers move to other sites while this one still works. Then the routes are withdrawn,
/// while the responder answers the queries that still arrive. Finally the sessions end.
///
/// A source that ordered the drain can release it. The drain lasts as long as any source wants it.
///
/// @param pace how long each phase takes
/// @param phase the current phase
/// @param orders the sources that want the drain, with their reasons
/// @param sinceNanos when the phase began, on a monotonic clock
public record Drain(Pace pace, Phase phase, Map<Source, Reason> orders, long sinceNanos) {

    /// A phase of the drain.
    public enum Phase {
        /// No drain.
        OFF,
        /// Announced, but depreferenced.
        DEPREFERENCED,
        /// Withdrawn; queries that still arrive are answered.
        LINGERING,
        /// No clients are left, so the sessions end.
        STOPPED
    }

    /// A source of an order to drain.
    public enum Source {
        OPERATOR,
        MAINTENANCE_FILE,
        RESPONDER,
        STOPPING
    }

    /// How long each phase takes.
    ///
    /// @param depreferenced the maximum time in the depreferenced phase
    /// @param linger the maximum time between withdrawal and end
    /// @param quietPerSecond the clients' queries per second at or below which the clients count as
    ///   gone
    public record Pace(Duration depreferenced, Duration linger, double quietPerSecond) {

        /// The minimum time in a phase, so that routers can react.
        static final Duration SETTLE = Duration.ofSeconds(1);

        /// Returns a pace that is limited by a total time, half of it for each phase.
        public Pace within(Duration bound) {
            Duration half = bound.dividedBy(2);
            return new Pace(shorter(depreferenced, half), shorter(linger, half), quietPerSecond);
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        /// Returns whether a phase of that length is over.
        boolean over(Duration longest, long nanos, double perSecond) {
            boolean quiet = perSecond <= quietPerSecond; // false while it is not known
            return nanos >= (quiet ? shorter(SETTLE, longest) : longest).toNanos();
        }
    }

    public Drain {
        orders = orders.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(orders));
    }

    /// Returns the state without a drain.
    public static Drain none(Pace pace) {
        return new Drain(pace, Phase.OFF, Map.of(), 0);
    }

    /// Returns a drain that is complete from the start, because nothing was ever announced.
    public static Drain stopped(Pace pace, Source source, Reason reason, long nowNanos) {
        return new Drain(pace, Phase.STOPPED, Map.of(source, reason), nowNanos);
    }

    /// Returns the drain after a source has ordered it, or has changed its reason.
    public Drain ordered(Source source, Reason reason, long nowNanos) {
        Map<Source, Reason> all = new EnumMap<>(Source.class);
        all.putAll(orders);
        all.put(source, reason);
        return phase == Phase.OFF
                ? new Drain(pace, Phase.DEPREFERENCED, all, nowNanos)
                : new Drain(pace, phase, all, sinceNanos);
    }

    /// Returns the drain after a source has released it.
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

    /// Returns whether the drain is complete.
    public boolean stopped() {
        return phase == Phase.STOPPED;
    }

    /// Returns the drain with another pace.
    public Drain at(Pace other) {
        return new Drain(other, phase, orders, sinceNanos);
    }

    /// Returns the drain at the current time.
    ///
    /// @param attracts whether the site would be announced without the drain
    /// @param perSecond the clients' queries per second; NaN when unknown
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

    /// Returns whether the sessions are to end. They stay up if only the responder drains itself,
    /// because it will be back soon.
    private boolean ending() {
        return orders.keySet().stream().anyMatch(source -> source != Source.RESPONDER);
    }

    /// Returns the decision under the drain.
    ///
    /// @param policy how routes are depreferenced
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
