package org.anycastdns.daemon.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of memory or text, or automatic.
///
/// @param octets 0 for {@link #AUTO}
public record Size(long octets) {

    /// The program chooses a value for the machine.
    public static final Size AUTO = new Size(0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB|TiB)");

    /// Parses a number with its unit, or 'auto'.
    ///
    /// @throws IllegalArgumentException with the message for the operator
    public static Size of(String text) {
        if (text.equals("auto")) {
            return AUTO;
        }
        Matcher matcher = TEXT.matcher(text);
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number == 0) {
            throw new IllegalArgumentException(
                    "must be auto or a size such as 512KiB, 64MiB or 2GiB, not '%s'"
                            .formatted(text));
        }
        int shift =
                switch (matcher.group(2)) {
                    case "B" -> 0;
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> 40;
                };
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'%s' is too large".formatted(text));
        }
        return new Size(number << shift);
    }

    /// Returns the octets, or a replacement for {@link #AUTO}.
    public long or(long otherwise) {
        return octets == 0 ? otherwise : octets;
    }
}
