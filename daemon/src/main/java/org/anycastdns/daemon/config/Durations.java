package org.anycastdns.daemon.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads and writes durations as operators do: a number with its unit, such as `250ms`, `10s`, `5m`
/// or `1h`.
public final class Durations {

    /// The syntax. Nine digits of hours still are a valid duration in milliseconds.
    public static final String SYNTAX = "^(\\d{1,9})(ms|s|m|h)$";

    private static final Pattern TEXT = Pattern.compile(SYNTAX);

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private static final String EXAMPLES = "a duration such as 250ms, 10s, 5m or 1h";

    private Durations() {}

    /// Parses a number with its unit.
    ///
    /// @throws IllegalArgumentException with the message for the operator
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
        throw new IllegalArgumentException(
                NUMBER.matcher(text).matches()
                        ? "'%1$s' has no unit: write %1$ss for %1$s seconds, or %1$sms for milliseconds"
                                .formatted(text)
                        : "must be " + EXAMPLES + ", not '" + text + "'");
    }

    /// Returns the shortest text that [#parse] reads as this duration, in whole milliseconds.
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        long seconds = duration.toSeconds();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }
}
