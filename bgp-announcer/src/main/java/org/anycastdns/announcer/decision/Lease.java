package org.anycastdns.announcer.decision;

import java.time.Duration;
import org.anycastdns.announcer.health.Cause;
import org.anycastdns.announcer.health.Reason;

/// A decision that is valid until a moment.
///
/// @param decision what was decided
/// @param grantedNanos when, on a clock that only moves forward, in nanoseconds
/// @param length how long it is valid from then on
public record Lease(Decision decision, long grantedNanos, Duration length) {

    /// The decision to follow now: the one that was made, or a withdrawal when it ran out.
    public Decision at(long nowNanos) {
        return remainingNanos(nowNanos) > 0 ? decision : new Decision.Withdraw(expired());
    }

    /// Nanoseconds until it runs out; zero or less when it has.
    public long remainingNanos(long nowNanos) {
        return grantedNanos + length.toNanos() - nowNanos;
    }

    private Reason expired() {
        String text = "health loop hung: no verdict for " + length.toMillis() + " ms";
        return new Reason(Cause.HUNG, text);
    }
}
