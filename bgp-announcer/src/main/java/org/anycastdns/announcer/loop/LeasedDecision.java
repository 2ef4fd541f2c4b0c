package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.anycastdns.announcer.decision.Decisions;
import org.anycastdns.announcer.decision.Lease;
import org.anycastdns.announcer.health.Reason;
import org.jspecify.annotations.Nullable;

/// The decisions in force, under one lease for all services. The health loop renews the lease; when
/// it does not, the watchdog replaces every decision with a withdrawal. A change is carried out by
/// the calling thread. Thread-safe.
public final class LeasedDecision {

    /// Carries out changed decisions; must not block.
    public interface Execution {

        /// Carries out decisions.
        ///
        /// @param decisions the decisions from now on
        /// @param before the decisions until now
        /// @param evidenceNanos when the evidence arrived, by [System#nanoTime]
        void carryOut(Decisions decisions, Decisions before, long evidenceNanos);
    }

    private final Duration length;
    private final Execution execution;
    private Decisions inForce;
    private volatile @Nullable Lease lease;

    /// Starts with decisions that have already been carried out.
    public LeasedDecision(Duration length, Decisions first, Execution execution) {
        this.length = length;
        this.inForce = first;
        this.execution = execution;
    }

    /// Puts decisions in force and renews the lease.
    public synchronized void renew(Decisions decisions, long evidenceNanos) {
        lease = new Lease(decisions, System.nanoTime(), length);
        enforce(decisions, evidenceNanos);
    }

    /// Withdraws every service for a reason, and renews the lease.
    public synchronized void withdraw(Reason reason) {
        renew(inForce.withdrawn(reason), System.nanoTime());
    }

    /// Puts withdrawals in force if the lease has run out.
    public synchronized void expire() {
        Lease current = lease;
        if (current != null) {
            long now = System.nanoTime();
            enforce(current.at(now), now);
        }
    }

    /// Returns the nanoseconds until the lease runs out; its full length before the first [#renew].
    public long remainingNanos() {
        Lease current = lease;
        return current == null ? length.toNanos() : current.remainingNanos(System.nanoTime());
    }

    /// Returns the decisions in force.
    public synchronized Decisions decisions() {
        return inForce;
    }

    /// Applies an action to the decisions in force; they cannot change meanwhile.
    public synchronized void again(Consumer<Decisions> way) {
        way.accept(inForce);
    }

    private void enforce(Decisions decisions, long evidenceNanos) {
        if (decisions.equals(inForce)) {
            return;
        }
        Decisions before = inForce;
        inForce = decisions;
        execution.carryOut(decisions, before, evidenceNanos);
    }
}
