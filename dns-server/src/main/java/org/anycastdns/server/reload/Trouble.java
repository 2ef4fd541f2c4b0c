package org.anycastdns.server.reload;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.anycastdns.daemon.LogLimiter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts faults of the reload thread that belong to no zone. Each kind is logged once an hour at
/// most. The pause before the next attempt grows with each fault. Written by the reload thread,
/// read by any thread.
final class Trouble {

    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    /// The shortest time between two log lines of one kind. The status shows a fault that goes on,
    /// so the log only has to be reminded of it.
    private static final Duration LOG_INTERVAL = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final LogLimiter<String> lines =
            new LogLimiter<>("reload_trouble", LOG_INTERVAL, Ticker.systemTicker());
    private long pauseMillis;
    private volatile Noted noted = new Noted(0, "");

    /// What others see of the trouble.
    ///
    /// @param count the number of faults so far
    /// @param text the current problem, or empty
    record Noted(long count, String text) {}

    /// Notes a fault.
    void happened(Throwable cause) {
        pauseMillis = Math.clamp(2 * pauseMillis, PAUSE_MIN.toMillis(), PAUSE_MAX.toMillis());
        String kind = Fault.kind(cause);
        String text = "internal error (" + kind + "); zones stay as they are. Please report this";
        noted = new Noted(noted.count + 1, text);
        lines.log(
                kind,
                more -> {
                    LOG.error("reload: {}{}", text, more);
                    LOG.debug("reload: the error", cause);
                });
    }

    /// Notes that the thread works without a fault.
    void isOver() {
        if (pauseMillis > 0) {
            LOG.info("the reload thread works again");
            pauseMillis = 0;
            noted = new Noted(noted.count, "");
        }
    }

    /// Returns the minimum time to wait before the next attempt, in milliseconds; 0 without
    /// trouble.
    long pauseMillis() {
        return pauseMillis;
    }

    Noted noted() {
        return noted;
    }
}
