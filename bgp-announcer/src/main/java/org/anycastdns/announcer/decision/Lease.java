package org.anycastdns.announcer.decision;

import java.time.Duration;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;

/// The decisions about all services, which are valid for a limited time.
///
/// @param decisions the decisions
/// @param grantedNanos when it was made, in nanoseconds on a monotonic clock
/// @param length how long it is valid
public record Lease(Decisions decisions, long grantedNanos, Duration length) {

    /// Returns the decisions to follow now: these, or withdrawals when the lease has run out.
    public Decisions at(long nowNanos) {
        return remainingNanos(nowNanos) > 0 ? decisions : decisions.withdrawn(expired());
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
