package org.anycastdns.server.reload;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Faults of the reload thread that belong to no zone. Each kind is logged once; they are counted,
/// and the thread waits longer from one to the next. Written by that thread, read by all.
final class Trouble {

    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    /// Kinds that are remembered; whatever comes then is counted only.
    private static final int KINDS_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final Set<String> kinds = new HashSet<>();
    private long pauseMillis;
    private volatile long count;
    private volatile String text = "";

    /// Something went wrong.
    void happened(Throwable cause) {
        long before = count;
        count = before + 1;
        pauseMillis = Math.clamp(2 * pauseMillis, PAUSE_MIN.toMillis(), PAUSE_MAX.toMillis());
        String kind = Fault.kind(cause);
        text = "internal error (" + kind + "); zones stay as they are. Please report this";
        if (kinds.size() < KINDS_MAX && kinds.add(kind)) {
            LOG.error("reload: {}", text);
            LOG.debug("reload: the error", cause);
        }
    }

    /// Nothing did.
    void isOver() {
        if (pauseMillis > 0) {
            LOG.info("reload: works again");
            pauseMillis = 0;
            text = "";
        }
    }

    /// How long to wait before the next attempt, at least; 0 without trouble.
    long pauseMillis() {
        return pauseMillis;
    }

    /// What is wrong now, or empty.
    String text() {
        return text;
    }

    /// How often something went wrong.
    long count() {
        return count;
    }
}
