package org.anycastdns.announcer.loop;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.decision.Drain;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.announcer.ops.Snapshot;
import org.anycastdns.daemon.config.Loaded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Turns the operator's requests into inputs of the health loop, and applies reloads.
public final class OperatorControls implements Controls, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorControls.class);

    private final Inbox inbox;
    private final AtomicReference<Config> config;
    private final Supplier<Loaded<Config>> file;
    private final LeasedDecision leasedDecision;
    private final DecisionExecution execution;
    private final SessionSwitch sessions;
    private final Supplier<Snapshot> snapshot;
    private boolean closed;

    /// Creates the controls.
    ///
    /// @param config the configuration in force; a reload replaces it
    /// @param file reads the configuration again
    /// @param snapshot returns the current status
    public OperatorControls(
            Inbox inbox,
            AtomicReference<Config> config,
            Supplier<Loaded<Config>> file,
            LeasedDecision leasedDecision,
            DecisionExecution execution,
            SessionSwitch sessions,
            Supplier<Snapshot> snapshot) {
        this.inbox = inbox;
        this.config = config;
        this.file = file;
        this.leasedDecision = leasedDecision;
        this.execution = execution;
        this.sessions = sessions;
        this.snapshot = snapshot;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot.get();
    }

    @Override
    public void drain(String reason) {
        Reason why = new Reason(Cause.OPERATOR, "drained by operator: " + reason);
        inbox.order(new Input.DrainOrdered(Drain.Source.OPERATOR, why));
    }

    @Override
    public void resume() {
        inbox.order(new Input.DrainReleased(Drain.Source.OPERATOR));
    }

    @Override
    public synchronized Answer reload(boolean allowWithdraw) {
        Config before = config.get();
        Set<Prefix> announced = new TreeSet<>(leasedDecision.decision().prefixes());
        announced.addAll(before.backstop());
        Reload reload = Reload.judge(before, file.get(), announced, allowWithdraw);
        Config next = reload.next();
        LOG.atLevel(reload.answer().verdict() == Verdict.DONE ? Level.INFO : Level.WARN)
                .log(
                        "reload result={} lines={}",
                        reload.answer().verdict(),
                        reload.answer().lines());
        if (next != null && !next.equals(before) && !closed) {
            inbox.order(
                    new Input.Reconfigured(
                            new TreeSet<>(next.prefixes()),
                            Routes.depreference(next.depreference()),
                            LoopSettings.pace(next.drain())));
            config.set(next);
            if (!next.backstop().equals(before.backstop())) {
                leasedDecision.again(execution::announce);
            }
            sessions.reconfigure(next);
        }
        return reload.answer();
    }

    /// Applies no reload from now on.
    @Override
    public synchronized void close() {
        closed = true;
    }
}
