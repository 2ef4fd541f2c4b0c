package org.anycastdns.announcer.loop;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.driver.RouteSink;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Evidence;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.host.Hook;
import org.anycastdns.announcer.host.HookEnvironment;
import org.anycastdns.announcer.ops.Metrics;

/// Carries out a changed decision: updates the neighbors first, then writes the log line and runs
/// the hook.
public final class DecisionExecution implements LeasedDecision.Execution {

    private final Supplier<Config> config;
    private final Supplier<Evidence> evidence;
    private final RouteSink sink;
    private final Metrics metrics;
    private final Hook hook;
    private volatile Map<Cause, Instant> reasonsSince = Map.of();

    /// Creates an execution.
    ///
    /// @param config returns the configuration in force
    /// @param evidence returns the evidence, for the log line
    public DecisionExecution(
            Supplier<Config> config,
            Supplier<Evidence> evidence,
            RouteSink sink,
            Metrics metrics,
            Hook hook) {
        this.config = config;
        this.evidence = evidence;
        this.sink = sink;
        this.metrics = metrics;
        this.hook = hook;
    }

    /// Returns since when each cause of the last decision has applied.
    public Map<Cause, Instant> reasonsSince() {
        return reasonsSince;
    }

    /// Announces what a decision and the backstop call for, without a log line.
    public void announce(Decision decision) {
        sink.advertise(Routes.of(decision, config.get().backstop()));
    }

    @Override
    public void carryOut(Decision decision, Decision before, long evidenceNanos) {
        Config now = config.get();
        boolean told = !decision.sameRoutes(before);
        if (told) {
            metrics.decided(decision, evidenceNanos);
            announce(decision);
        }
        reasonsSince = since(decision);
        DecisionLog.changed(decision, before, now.prefixes(), evidence.get());
        if (told) {
            hook.run(
                    now.hooks().command(),
                    now.hooks().timeout(),
                    HookEnvironment.of(now, decision, before));
        }
    }

    private Map<Cause, Instant> since(Decision decision) {
        Map<Cause, Instant> since = new EnumMap<>(Cause.class);
        Instant now = Instant.now();
        for (Reason reason : decision.why()) {
            since.put(reason.cause(), reasonsSince.getOrDefault(reason.cause(), now));
        }
        return Map.copyOf(since);
    }
}
