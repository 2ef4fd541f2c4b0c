package org.anycastdns.daemon.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits of a single value, as numbers: octets of a text, milliseconds of a duration, octets
/// of a size, or the number itself.
///
/// @param min the smallest
/// @param max the largest
/// @param text the limits for the operator; empty if there are none that need to be told
public record Limits(long min, long max, String text) {

    /// Returns the limits of an option.
    public static Limits of(Option option, Declaration.Shape.Single single) {
        boolean text = isText(single.type());
        String least = text && option.min().isEmpty() ? "1" : option.min();
        String most = option.max();
        if (text && option.min().isEmpty() && most.isEmpty()) {
            return new Limits(1, Long.MAX_VALUE, "");
        }
        if (least.isEmpty() && most.isEmpty()) {
            return new Limits(Long.MIN_VALUE, Long.MAX_VALUE, "");
        }
        long min = least.isEmpty() ? Long.MIN_VALUE : number(single, least);
        long max = most.isEmpty() ? Long.MAX_VALUE : number(single, most);
        String range;
        if (most.isEmpty()) {
            range = "at least " + least;
        } else if (least.isEmpty()) {
            range = "at most " + most;
        } else {
            range = least + " to " + most;
        }
        return new Limits(min, max, text ? range + " octets" : range);
    }

    /// Returns what is wrong with a value, or null if it is within the limits.
    ///
    /// @param written the value as the operator wrote it
    @Nullable String fault(Object value, String written) {
        if (isText(value.getClass())) {
            long octets = size(value);
            boolean blank = value instanceof String words && words.isBlank() && min > 0;
            boolean within = octets >= min && octets <= max && !blank;
            return within ? null : text.isEmpty() ? "must not be empty" : "must have " + text;
        }
        if (text.isEmpty()) {
            return null;
        }
        long size = size(value);
        return size >= min && size <= max ? null : "must be %s, not %s".formatted(text, written);
    }

    /// Returns whether the limits of a type are a number of octets.
    static boolean isText(Class<?> type) {
        return type == String.class || type == Secret.class || type == Secret.InFile.class;
    }

    private static long number(Declaration.Shape.Single single, String text) {
        return isText(single.type())
                ? Long.parseLong(text)
                : size(single.kind().parse(text, Path.of("")));
    }

    private static long size(Object value) {
        return switch (value) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case Secret secret -> secret.octets();
            case Secret.InFile file -> file.secret().octets();
            case Duration duration -> duration.toMillis();
            case Size octets -> octets.octets();
            case Number number -> number.longValue();
            default -> throw new IllegalStateException(value.getClass() + " has no limits");
        };
    }
}
