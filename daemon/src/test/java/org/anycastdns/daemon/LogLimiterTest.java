package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How often lines are logged that others can cause, and what it costs to know that.
class LogLimiterTest {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final List<String> lines = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos(); // overflows on the way

    private final LogLimiter<String> limiter = new LogLimiter<>("test", INTERVAL, () -> nanos);

    private void event(String key) {
        limiter.log(key, more -> lines.add(key + more));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static long suppressed() {
        return LogLimiter.suppressed().getOrDefault("test", 0L);
    }

    @Test
    void aKeyGetsOneLineAnIntervalAndOtherKeysGetTheirs() {
        long before = suppressed();
        event("a");
        event("a");
        event("b");
        pass(INTERVAL.minusNanos(1));
        event("a");
        assertEquals(List.of("a", "b"), lines);
        assertEquals(2, suppressed() - before);
    }

    @Test
    void theNextLineSaysHowManyWereLeftOut() {
        event("a");
        event("a");
        event("a");
        pass(INTERVAL);
        event("a");
        pass(INTERVAL);
        event("a");
        assertEquals(List.of("a", "a (and 2 more like this)", "a"), lines);
    }

    @Test
    void howManyWereLeftOutIsKnownForAnHourAndThenForgotten() {
        event("a");
        event("a");
        pass(Duration.ofMinutes(59));
        event("a");
        event("a");
        pass(Duration.ofMinutes(60));
        event("a");
        assertEquals(List.of("a", "a (and 1 more like this)", "a"), lines);
    }

    @Test
    void aMillionKeysFillNeitherLogNorMemory() {
        long before = suppressed();
        for (int i = 0; i < 1_000_000; i++) {
            event("key " + i);
        }
        assertEquals(LogLimiter.LINES_MAX, lines.size());
        assertEquals(1_000_000 - LogLimiter.LINES_MAX, suppressed() - before);
        assertTrue(limiter.size() <= LogLimiter.KEYS_MAX, () -> limiter.size() + " keys");
        pass(INTERVAL);
        event("another key");
        assertEquals("another key", lines.getLast());
    }
}
