package org.anycastdns.announcer.decision;

import java.time.Duration;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;

/// A decision that is valid for a limited time.
///
/// @param decision the decision
/// @param grantedNanos when it was made, in nanoseconds on a monotonic clock
/// @param length how long it is valid
public record Lease(Decision decision, long grantedNanos, Duration length) {

    /// Returns the decision to follow now: this one, or a withdrawal when the lease has run out.
    public Decision at(long nowNanos) {
        return remainingNanos(nowNanos) > 0 ? decision : new Decision.Withdraw(expired());
    }

    /// Returns the nanoseconds until the lease runs out; zero or less when it has.
    public long remainingNanos(long nowNanos) {
        return grantedNanos + length.toNanos() - nowNanos;
    }

    private Reason expired() {
        String text = "health loop hung: no verdict for " + length.toMillis() + " ms";
        return new Reason(Cause.HUNG, text);
    }
}
