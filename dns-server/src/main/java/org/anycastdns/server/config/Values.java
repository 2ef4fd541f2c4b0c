package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ZoneFileNames;

/// Parses words into values, for every type that an option can have. A word that does not fit
/// throws an IllegalArgumentException with the message for the operator.
final class Values {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final int PORT_MAX = 65_535;

    private Values() {}

    static Object of(Class<?> type, String text, Path folder) {
        if (type == String.class) {
            return text;
        }
        if (type == int.class) {
            return integer(text);
        }
        if (type == boolean.class) {
            return truth(text);
        }
        if (type == Duration.class) {
            return duration(text);
        }
        if (type == Path.class) {
            return path(text, folder);
        }
        if (type == InetSocketAddress.class) {
            return address(text);
        }
        if (type == Size.class) {
            return Size.of(text);
        }
        if (type == CookieSecret.class) {
            return CookieSecret.of(text);
        }
        if (type == UdpEngine.class) {
            return UdpEngine.of(text);
        }
        if (type.isEnum()) {
            return word(type, text);
        }
        if (type == Name.class) {
            return Name.of(text);
        }
        if (type == ZoneFileNames.class) {
            return ZoneFileNames.of(text);
        }
        if (type == Config.IncludeFolder.class) {
            return Config.IncludeFolder.of(text);
        }
        if (type == Config.FolderFile.class) {
            return Config.FolderFile.of(text);
        }
        throw new IllegalStateException("no option can be a " + type);
    }

    /// Returns one constant of an enumeration, whose words are its names in lower case.
    private static Object word(Class<?> type, String text) {
        List<String> words =
                Arrays.stream(type.getEnumConstants())
                        .map(each -> each.toString().toLowerCase(Locale.ROOT))
                        .toList();
        int at = words.indexOf(text);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "'%s' is none of %s".formatted(text, String.join(", ", words)));
        }
        return type.getEnumConstants()[at];
    }

    private static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is not a whole number".formatted(text), e);
        }
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is neither true nor false".formatted(text));
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a duration such as 250ms, 10s, 5m or 1h".formatted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static Path path(String text, Path folder) {
        try {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("is empty");
            }
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'%s' is not a path".formatted(text), e);
        }
    }

    /// Parses HOST:PORT, with an IPv6 address in brackets; a host name is resolved.
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        boolean brackets = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        boolean single = colon > 0 && text.indexOf(':') == colon;
        if (!brackets && !single) {
            String hint =
                    colon > 0 && !text.startsWith("[")
                            ? "; an IPv6 address stands in brackets"
                            : "";
            throw new IllegalArgumentException(
                    "'%s' is not HOST:PORT, e.g. 192.0.2.53:53 or [2001:db8::53]:53%s"
                            .formatted(text, hint));
        }
        String host = brackets ? text.substring(1, colon - 1) : text.substring(0, colon);
        InetSocketAddress address =
                new InetSocketAddress(host, port(text, text.substring(colon + 1)));
        if (address.isUnresolved() || host.isEmpty()) {
            throw new IllegalArgumentException(
                    "host '%s' in '%s' has no address".formatted(host, text));
        }
        return address;
    }

    private static int port(String text, String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= PORT_MAX && Character.isDigit(port.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the message for a number that is not a port
        }
        throw new IllegalArgumentException(
                "port '%s' in '%s' is not a number from 0 to %d".formatted(port, text, PORT_MAX));
    }
}
