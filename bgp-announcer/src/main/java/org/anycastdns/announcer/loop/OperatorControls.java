package org.anycastdns.announcer.loop;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.Service;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.announcer.ops.Snapshot;
import org.anycastdns.daemon.config.Loaded;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Turns the operator's requests into inputs of the health loop, and applies reloads.
public final class OperatorControls implements Controls, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorControls.class);

    private final Site site;
    private boolean closed;

    /// What the controls act on.
    ///
    /// @param inbox takes orders to the health loop
    /// @param config the configuration in force; a reload replaces it
    /// @param file reads the configuration again
    /// @param leasedDecision what is announced
    /// @param execution announces it
    /// @param sessions the sessions with the neighbors
    /// @param snapshot returns the current status
    /// @param reconfigured applies another configuration to the checks; must not block
    public record Site(
            Inbox inbox,
            AtomicReference<Config> config,
            Supplier<Loaded<Config>> file,
            LeasedDecision leasedDecision,
            DecisionExecution execution,
            SessionSwitch sessions,
            Supplier<Snapshot> snapshot,
            Consumer<Config> reconfigured) {}

    /// Creates the controls of a site.
    public OperatorControls(Site site) {
        this.site = site;
    }

    @Override
    public Snapshot snapshot() {
        return site.snapshot().get();
    }

    @Override
    public void drain(@Nullable String service, String reason) {
        Reason why = new Reason(Cause.OPERATOR, "drained by operator: " + reason);
        site.inbox().order(new Input.DrainOrdered(services(service), Drain.Source.OPERATOR, why));
    }

    @Override
    public void resume(@Nullable String service) {
        site.inbox().order(new Input.DrainReleased(services(service), Drain.Source.OPERATOR));
    }

    /// Returns the names of the services that an order concerns.
    private Set<String> services(@Nullable String service) {
        Set<String> all = new TreeSet<>();
        Service.of(site.config().get()).forEach(one -> all.add(one.name()));
        if (service == null) {
            return all;
        }
        if (!all.contains(service)) {
            throw new IllegalArgumentException(
                    "there is no service '%s'; there is %s"
                            .formatted(service, String.join(", ", all)));
        }
        return Set.of(service);
    }

    @Override
    public synchronized Answer dryRun(boolean allowWithdraw) {
        return judged(allowWithdraw).dry().answer();
    }

    @Override
    public synchronized Answer reload(boolean allowWithdraw) {
        Config before = site.config().get();
        Reload reload = ordered(prepared(judged(allowWithdraw)), before);
        Config next = reload.next();
        LOG.atLevel(reload.verdict() == Verdict.DONE ? Level.INFO : Level.WARN)
                .log("reload result={} lines={}", reload.verdict(), reload.answer().lines());
        if (next != null && !next.equals(before) && !closed) {
            site.config().set(next);
            site.reconfigured().accept(next);
            if (!next.backstop().equals(before.backstop())) {
                site.leasedDecision().again(site.execution()::announce);
            }
            site.sessions().reconfigure(next);
        }
        return reload.answer();
    }

    private Reload judged(boolean allowWithdraw) {
        Config before = site.config().get();
        Set<Prefix> announced = new TreeSet<>(site.leasedDecision().decisions().prefixes());
        announced.addAll(before.backstop());
        return Reload.judge(before, site.file().get(), announced, allowWithdraw);
    }

    /// Opens what the next configuration needs. Returns a refusal when that fails.
    private Reload prepared(Reload reload) {
        Config next = reload.next();
        if (next == null || closed) {
            return reload;
        }
        try {
            site.sessions().prepare(next);
            return reload;
        } catch (IOException e) {
            return reload.refused(String.valueOf(e.getMessage()));
        }
    }

    /// Orders the health loop to go on with the next configuration. Returns a refusal when it does
    /// not keep up; then what was opened is closed again.
    private Reload ordered(Reload reload, Config before) {
        Config next = reload.next();
        if (next == null || closed || next.equals(before)) {
            return reload;
        }
        try {
            site.inbox().order(new Input.Reconfigured(LoopSettings.services(next)));
            return reload;
        } catch (IllegalStateException e) {
            site.sessions().release();
            return reload.refused(String.valueOf(e.getMessage()));
        }
    }

    /// Applies no reload from now on.
    @Override
    public synchronized void close() {
        closed = true;
    }
}
