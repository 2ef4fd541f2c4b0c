package org.anycastdns.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Objects;

/// Configures logging. Logs go to stderr, because stdout is reserved for the line "ready" and for
/// the output of commands.
///
/// `LOG_LEVEL=DEBUG` in the environment logs more, and `LOG_FORMAT=json` logs one JSON object a
/// line. `-Dlogback.configurationFile=FILE` replaces this configuration.
///
/// This is code and not an XML file, because parsing XML delays the first answer noticeably.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {

    private static final String FILE = "logback.configurationFile";
    private static final String LEVEL = "LOG_LEVEL";
    private static final String FORMAT = "LOG_FORMAT";
    private static final String JSON = "json";
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0}: %msg%n";

    /// Called by Logback.
    public Logging() {}

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (System.getProperty(FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Encoder<ILoggingEvent> encoder =
                setting(FORMAT).equalsIgnoreCase(JSON) ? json(loggers) : text(loggers);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(loggers);
        stderr.setName("STDERR");
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(setting(LEVEL), Level.INFO));
        root.addAppender(stderr);
        loggers.getLogger("io.netty").setLevel(Level.WARN);
        loggers.getLogger("io.micrometer").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// Returns a setting from the system properties or the environment; empty if it is not set.
    private static String setting(String name) {
        return System.getProperty(name, Objects.requireNonNullElse(System.getenv(name), ""));
    }

    private static Encoder<ILoggingEvent> text(LoggerContext loggers) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(loggers);
        encoder.setPattern(PATTERN);
        return encoder;
    }

    /// Returns an encoder for lines of JSON with the message as people read it, instead of its
    /// template and arguments.
    private static Encoder<ILoggingEvent> json(LoggerContext loggers) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(loggers);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        return encoder;
    }
}
