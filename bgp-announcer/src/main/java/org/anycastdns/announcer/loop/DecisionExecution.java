package org.anycastdns.announcer.loop;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Decisions;
import org.anycastdns.announcer.driver.RouteSink;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.host.Hook;
import org.anycastdns.announcer.host.HookEnvironment;
import org.anycastdns.announcer.ops.Metrics;
import org.jspecify.annotations.Nullable;

/// Carries out changed decisions: updates the neighbors first, then writes a log line and runs the
/// hook for each service whose decision changed.
public final class DecisionExecution implements LeasedDecision.Execution {

    /// Stands for the decision about a service that a reload has added or removed.
    private static final Reason NOT_CONFIGURED =
            new Reason(Cause.OPERATOR, "the service is not configured");

    private final Supplier<Config> config;
    private final Supplier<LoopState> state;
    private final RouteSink sink;
    private final Metrics metrics;
    private final Hook hook;
    private volatile Map<String, Since> since = Map.of();

    /// Since when the decision about a service has been what it is.
    ///
    /// @param routes when its announced routes last changed
    /// @param reasons since when each cause of the decision has applied
    public record Since(Instant routes, Map<Cause, Instant> reasons) {}

    /// Creates an execution.
    ///
    /// @param config returns the configuration in force
    /// @param state returns the state of the loop, for the log line
    public DecisionExecution(
            Supplier<Config> config,
            Supplier<LoopState> state,
            RouteSink sink,
            Metrics metrics,
            Hook hook) {
        this.config = config;
        this.state = state;
        this.sink = sink;
        this.metrics = metrics;
        this.hook = hook;
    }

    /// Returns since when the last decision about each service has applied.
    public Map<String, Since> since() {
        return since;
    }

    /// Announces what decisions and the backstop call for, without a log line.
    public void announce(Decisions decisions) {
        sink.advertise(Routes.of(decisions, config.get().backstop()));
    }

    @Override
    public void carryOut(Decisions decisions, Decisions before, long evidenceNanos) {
        Map<String, Decision> changed = new LinkedHashMap<>();
        Map<String, Decision> all = new LinkedHashMap<>(before.byService());
        all.putAll(decisions.byService());
        all.keySet()
                .forEach(name -> {
                    Decision now = decisions.of(name, NOT_CONFIGURED);
                    if (!now.equals(before.byService().get(name))) {
                        changed.put(name, now);
                    }
                });
        boolean told = false;
        for (Map.Entry<String, Decision> each : changed.entrySet()) {
            if (!each.getValue().sameRoutes(before.of(each.getKey(), NOT_CONFIGURED))) {
                metrics.decided(each.getKey(), each.getValue(), evidenceNanos);
                told = true;
            }
        }
        if (told) {
            announce(decisions);
        }
        since = since(decisions, before);
        changed.forEach((name, now) -> tell(name, now, before.of(name, NOT_CONFIGURED)));
    }

    /// Writes the log line of a changed decision and runs the hook.
    private void tell(String name, Decision decision, Decision before) {
        Config now = config.get();
        Service service = Service.find(now, name);
        DecisionLog.changed(name, service, decision, before, state.get().services().get(name));
        if (!decision.sameRoutes(before)) {
            hook.run(
                    now.hooks().command(),
                    now.hooks().timeout(),
                    HookEnvironment.of(now, name, service, decision, before));
        }
    }

    private Map<String, Since> since(Decisions decisions, Decisions before) {
        Map<String, Since> next = new LinkedHashMap<>();
        Instant now = Instant.now();
        decisions
                .byService()
                .forEach((name, decision) -> {
                    Since known = since.get(name);
                    boolean same = decision.sameRoutes(before.of(name, NOT_CONFIGURED));
                    next.put(
                            name,
                            new Since(
                                    known != null && same ? known.routes() : now,
                                    reasons(known, decision, now)));
                });
        return next;
    }

    private static Map<Cause, Instant> reasons(
            @Nullable Since known, Decision decision, Instant now) {
        Map<Cause, Instant> reasons = new EnumMap<>(Cause.class);
        for (Reason reason : decision.why()) {
            Cause cause = reason.cause();
            reasons.put(cause, known == null ? now : known.reasons().getOrDefault(cause, now));
        }
        return Map.copyOf(reasons);
    }
}
