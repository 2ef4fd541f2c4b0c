package org.anycastdns.announcer.check;

import java.time.Duration;
import org.anycastdns.announcer.health.CheckResult;

/// A check that runs again and again.
interface Check {

    /// Runs once. An interrupt ends it early.
    ///
    /// @param timeout the time after which the result does not count any more
    CheckResult run(Duration timeout) throws InterruptedException;
}
