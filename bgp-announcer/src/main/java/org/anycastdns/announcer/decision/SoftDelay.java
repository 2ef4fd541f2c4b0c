package org.anycastdns.announcer.decision;

import java.time.Duration;
import org.anycastdns.announcer.decision.Decision.Level;

/// Keeps soft evidence from being acted on before it has lasted: what is over in a moment is no
/// reason to move traffic, and sites that see the same thing at the same time, each with a delay of
/// its own, do not all move at once.
///
/// @param delay how long an announced site's soft evidence must last
/// @param shown what holds
/// @param pending whether there is soft evidence that has not lasted yet
/// @param sinceNanos since when there is
public record SoftDelay(Duration delay, Decision shown, boolean pending, long sinceNanos) {

    /// Shows a first decision.
    public static SoftDelay of(Duration delay, Decision first) {
        return new SoftDelay(delay, first, false, 0);
    }

    /// What holds after the evidence has called for a decision: only the step from announced to
    /// depreferenced waits.
    ///
    /// @param frozen whether that step is not to be taken now, however long it has lasted
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
