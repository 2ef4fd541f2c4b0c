package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What is logged, and how it looks; settings are system properties here, which come before the
/// environment.
@Isolated
class LoggingTest {

    private static String logged(String level, String format) {
        PrintStream before = System.err;
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        LoggerContext loggers = new LoggerContext();
        try {
            System.setErr(new PrintStream(octets, true, StandardCharsets.UTF_8));
            System.setProperty("LOG_LEVEL", level);
            System.setProperty("LOG_FORMAT", format);
            loggers.setMDCAdapter(new LogbackMDCAdapter());
            var _ = new Logging().configure(loggers);
            var log = loggers.getLogger("org.anycastdns.Some");
            log.debug("a detail");
            log.info("it is {}", "there");
            loggers.getLogger("io.netty.Some").info("noise");
        } finally {
            System.clearProperty("LOG_LEVEL");
            System.clearProperty("LOG_FORMAT");
            loggers.stop();
            System.setErr(before);
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineHasTimeLevelLoggerAndText() {
        String line = logged("", "");
        assertTrue(
                line.matches(
                        "20[0-9-]+T[0-9:.]+Z INFO  Some: it is there" + System.lineSeparator()),
                line);
    }

    @Test
    void theLevelIsThatOfTheEnvironment() {
        assertTrue(logged("DEBUG", "").contains("DEBUG Some: a detail"));
        assertEquals("", logged("WARN", ""));
        assertFalse(logged("rubbish", "").contains("a detail"));
    }

    @Test
    void aLineCanBeJson() {
        Map<String, Object> line = Json.read(logged("", "json"));
        assertEquals("it is there", line == null ? null : line.get("formattedMessage"));
        assertEquals("INFO", line == null ? null : line.get("level"));
    }
}
