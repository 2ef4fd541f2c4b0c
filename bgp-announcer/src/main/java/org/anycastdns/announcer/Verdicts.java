package org.anycastdns.announcer;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.announcer.decision.Lease;
import org.jspecify.annotations.Nullable;

/// The verdict in force: granted by the health loop for the length of a lease, ended by the
/// watchdog when it was not renewed. A change is carried out in the thread that brings it.
/// Thread-safe.
final class Verdicts {

    /// Carries a verdict out; must not block.
    interface Execution {

        /// @param decision what holds from now on
        /// @param before what held until now
        /// @param evidenceNanos when the evidence for it came, by [System#nanoTime]
        void carryOut(Decision decision, Decision before, long evidenceNanos);
    }

    private final Duration length;
    private final Execution execution;
    private Decision inForce;
    private Instant since = Instant.now();
    private volatile @Nullable Lease lease;

    /// Starts with a decision that needs no carrying out.
    Verdicts(Duration length, Decision first, Execution execution) {
        this.length = length;
        this.inForce = first;
        this.execution = execution;
    }

    /// Grants a decision for another lease.
    synchronized void renew(Decision decision, long evidenceNanos) {
        lease = new Lease(decision, System.nanoTime(), length);
        enforce(decision, evidenceNanos);
    }

    /// Puts a withdrawal in force when the lease has run out.
    synchronized void expire() {
        Lease current = lease;
        if (current != null) {
            long now = System.nanoTime();
            enforce(current.at(now), now);
        }
    }

    /// Nanoseconds until the lease runs out; the whole length before the first one is granted.
    long remainingNanos() {
        Lease current = lease;
        return current == null ? length.toNanos() : current.remainingNanos(System.nanoTime());
    }

    /// The decision in force.
    synchronized Decision decision() {
        return inForce;
    }

    /// Carries the decision in force out once more, in a way that has changed; no other comes in
    /// between.
    synchronized void again(Consumer<Decision> way) {
        way.accept(inForce);
    }

    /// When the neighbours were last told something else.
    synchronized Instant since() {
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
