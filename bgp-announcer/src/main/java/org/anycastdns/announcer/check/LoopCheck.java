package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.CheckResult;

/// A check that runs again and again on the event loop of a [CheckLoop], and never blocks. All of
/// its methods are called there.
interface LoopCheck {

    /// Begins a run. The one before has ended or was canceled.
    ///
    /// @param timeout the time after which the run must have ended with a failure
    /// @param done receives the result, once; perhaps before this method has returned
    void begin(Duration timeout, Consumer<CheckResult> done);

    /// Ends the run under way without a result, and frees everything that the check holds. Another
    /// run may begin afterwards.
    void cancel();
}
