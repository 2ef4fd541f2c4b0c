package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Decisions;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Reason;

/// All that the health loop knows and has decided, service by service. It changes with inputs and
/// their times alone, so the same inputs always lead to the same decisions. An input about one
/// service never touches another. Immutable.
///
/// @param services the state of each service, by its name, in the order of the configuration
/// @param decisions the decisions about all services
/// @param leaseNanos how long one round of the loop may take before it counts as hung
/// @param atNanos when the last round ended, on a monotonic clock
public record LoopState(
        Map<String, ServiceState> services, Decisions decisions, long leaseNanos, long atNanos) {

    /// The sources whose drains concern every service.
    private static final Set<Drain.Source> SITE_WIDE =
            EnumSet.of(Drain.Source.MAINTENANCE_FILE, Drain.Source.STOPPING);

    public LoopState {
        services = ServiceStates.of(services);
    }

    /// Returns the state with services that have decided nothing new yet.
    static LoopState of(Map<String, ServiceState> services, long leaseNanos, long nowNanos) {
        return new LoopState(services, decisions(services), leaseNanos, nowNanos);
    }

    /// Returns the state when the loop begins, which is later than its creation.
    LoopState began(long nowNanos) {
        return new LoopState(services, decisions, leaseNanos, nowNanos);
    }

    /// Returns the state after an input.
    ///
    /// @param arrivedNanos when the input arrived
    /// @param nowNanos when the loop takes it
    LoopState on(Input input, long arrivedNanos, long nowNanos) {
        boolean hung = nowNanos - atNanos >= leaseNanos;
        if (!hung && input instanceof Input.Observed(var name, var observation)) {
            return observed(name, observation, arrivedNanos, nowNanos);
        }
        Map<String, ServiceState> next = new LinkedHashMap<>(services);
        switch (input) {
            case Input.Tick _ ->
                    each(next, state -> state.observed(new Observation.Tick(), arrivedNanos));
            case Input.Observed(var service, var observation) ->
                    some(next, Set.of(service), state -> state.observed(observation, arrivedNanos));
            case Input.DrainOrdered(var which, var source, var reason) ->
                    some(next, which, state -> state.drained(source, reason, nowNanos));
            case Input.DrainReleased(var which, var source) ->
                    some(next, which, state -> state.resumed(source, nowNanos));
            case Input.Stopping(var reason, var bound) ->
                    each(next, state -> state.stopping(reason, within(bound, state), nowNanos));
            case Input.Reconfigured(var settings) -> reconfigure(next, settings, nowNanos);
            case Input.Heard(var service, var site, var stance) ->
                    some(next, Set.of(service), state -> state.heard(site, stance, nowNanos));
            case Input.Renamed(var site) -> each(next, state -> state.forgot(site));
            case Input.NeighborChanged _ -> {}
        }
        each(next, state -> state.decided(hung, nowNanos));
        Decisions made = decisions(next);
        return new LoopState(next, made.equals(decisions) ? decisions : made, leaseNanos, nowNanos);
    }

    /// Returns the state after an observation, which is decided for its service alone; the next
    /// tick is for all. Observations are by far the most frequent inputs.
    private LoopState observed(
            String service, Observation observation, long arrivedNanos, long nowNanos) {
        ServiceState before = services.get(service);
        if (before == null) {
            // A late observation of a service that a reload has removed is ignored.
            return new LoopState(services, decisions, leaseNanos, nowNanos);
        }
        ServiceState after = before.observed(observation, arrivedNanos).decided(false, nowNanos);
        Map<String, ServiceState> next = ServiceStates.of(services).with(service, after);
        boolean same = after.pipeline().decision().equals(before.pipeline().decision());
        return new LoopState(next, same ? decisions : decisions(next), leaseNanos, nowNanos);
    }

    /// Returns whether the drain of every service is complete, so that the sessions are to end.
    public boolean stopped() {
        for (ServiceState state : services.values()) {
            if (!state.pipeline().drain().stopped()) {
                return false;
            }
        }
        return true;
    }

    /// Returns whether the announcer is about to stop.
    public boolean stopping() {
        for (ServiceState state : services.values()) {
            if (state.pipeline().drain().orders().containsKey(Drain.Source.STOPPING)) {
                return true;
            }
        }
        return false;
    }

    private static Drain.Pace within(Duration bound, ServiceState state) {
        return state.pipeline().drain().pace().within(bound);
    }

    /// Applies another list of services. Services with the name of a running one keep what they
    /// know and have decided.
    private static void reconfigure(
            Map<String, ServiceState> states, List<ServiceSettings> settings, long nowNanos) {
        Map<String, ServiceState> before = new LinkedHashMap<>(states);
        states.clear();
        for (ServiceSettings one : settings) {
            ServiceState known = before.get(one.name());
            states.put(
                    one.name(),
                    known == null
                            ? one.first(inherited(before.values(), one.pace(), nowNanos), nowNanos)
                            : known.reconfigured(one));
        }
    }

    /// Returns the drain of a new service: the one that the whole site is under, if any.
    private static Drain inherited(
            Collection<ServiceState> others, Drain.Pace pace, long nowNanos) {
        Drain drain = Drain.none(pace);
        for (ServiceState other : others) {
            for (Map.Entry<Drain.Source, Reason> order :
                    other.pipeline().drain().orders().entrySet()) {
                if (SITE_WIDE.contains(order.getKey())) {
                    drain =
                            drain.phase() == Drain.Phase.OFF
                                    ? Drain.stopped(
                                            pace, order.getKey(), order.getValue(), nowNanos)
                                    : drain.ordered(order.getKey(), order.getValue(), nowNanos);
                }
            }
        }
        return drain;
    }

    private static void each(Map<String, ServiceState> states, UnaryOperator<ServiceState> change) {
        states.replaceAll((_, state) -> change.apply(state));
    }

    private static void some(
            Map<String, ServiceState> states,
            Set<String> which,
            UnaryOperator<ServiceState> change) {
        for (String name : which) {
            // Late observations of a service that a reload has removed are ignored.
            states.computeIfPresent(name, (_, state) -> change.apply(state));
        }
    }

    private static Decisions decisions(Map<String, ServiceState> services) {
        Map<String, Decision> decided = new LinkedHashMap<>();
        services.forEach((name, state) -> decided.put(name, state.pipeline().decision()));
        return new Decisions(decided);
    }
}
