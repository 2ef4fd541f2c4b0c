package org.anycastdns.announcer.decision;

import java.time.Duration;
import org.anycastdns.announcer.decision.Decision.Level;

/// Delays decisions on soft evidence until the evidence has lasted. A short disturbance is no
/// reason to move traffic. Sites that see the same problem at the same time each have their own
/// delay, so they do not all move at once.
///
/// @param delay how long an announced site's soft evidence must last
/// @param shown the decision that is passed on
/// @param pending whether there is soft evidence that has not lasted yet
/// @param sinceNanos when the pending evidence began
public record SoftDelay(Duration delay, Decision shown, boolean pending, long sinceNanos) {

    /// Returns a state that shows a first decision.
    public static SoftDelay of(Duration delay, Decision first) {
        return new SoftDelay(delay, first, false, 0);
    }

    /// Returns the state after the evidence has called for a decision. Only the step from announced
    /// to depreferenced is delayed.
    ///
    /// @param frozen whether that step is blocked now, however long the evidence has lasted
    public SoftDelay on(Decision decision, boolean frozen, long nowNanos) {
        boolean soft = shown.level() == Level.ANNOUNCED && decision.level() == Level.DEPREFERENCED;
        if (!soft) {
            return new SoftDelay(delay, decision, false, 0);
        }
        long since = pending ? sinceNanos : nowNanos;
        return !frozen && nowNanos - since >= delay.toNanos()
                ? new SoftDelay(delay, decision, false, 0)
                : new SoftDelay(delay, new Decision.Announce(decision.prefixes()), true, since);
    }
}
