package org.anycastdns.announcer.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Lease;
import org.jspecify.annotations.Nullable;

/// The decision in force, under a lease. The health loop renews the lease; when it does not, the
/// watchdog replaces the decision with a withdrawal. A change is carried out by the calling thread.
/// Thread-safe.
public final class LeasedDecision {

    /// Carries out a changed decision; must not block.
    public interface Execution {

        /// Carries out a decision.
        ///
        /// @param decision the decision from now on
        /// @param before the decision until now
        /// @param evidenceNanos when its evidence arrived, by [System#nanoTime]
        void carryOut(Decision decision, Decision before, long evidenceNanos);
    }

    private final Duration length;
    private final Execution execution;
    private Decision inForce;
    private Instant since = Instant.now();
    private volatile @Nullable Lease lease;

    /// Starts with a decision that has already been carried out.
    public LeasedDecision(Duration length, Decision first, Execution execution) {
        this.length = length;
        this.inForce = first;
        this.execution = execution;
    }

    /// Puts a decision in force and renews the lease.
    public synchronized void renew(Decision decision, long evidenceNanos) {
        lease = new Lease(decision, System.nanoTime(), length);
        enforce(decision, evidenceNanos);
    }

    /// Puts a withdrawal in force if the lease has run out.
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

    /// Returns the decision in force.
    public synchronized Decision decision() {
        return inForce;
    }

    /// Applies an action to the decision in force; the decision cannot change meanwhile.
    public synchronized void again(Consumer<Decision> way) {
        way.accept(inForce);
    }

    /// Returns when the announced routes last changed.
    public synchronized Instant since() {
        return since;
    }

    private void enforce(Decision decision, long evidenceNanos) {
        if (decision.equals(inForce)) {
            return;
        }
        Decision before = inForce;
        inForce = decision;
        if (!decision.sameRoutes(before)) {
            since = Instant.now();
        }
        execution.carryOut(decision, before, evidenceNanos);
    }
}
