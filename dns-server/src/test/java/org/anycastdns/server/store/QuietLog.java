package org.anycastdns.server.store;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;

/// A test that damages stores thousands of times, which nobody needs to read.
interface QuietLog {

    @BeforeAll
    static void mute() {
        level(Level.OFF);
    }

    @AfterAll
    static void speak() {
        level(null);
    }

    private static void level(@Nullable Level level) {
        if (LoggerFactory.getLogger(StateFolder.class) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
