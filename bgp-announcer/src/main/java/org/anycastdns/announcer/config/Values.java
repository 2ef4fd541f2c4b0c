package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.announcer.message.RouterId;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/// The types of single values that an option can have: their descriptions for messages, and their
/// parsers. Addresses must be literals, because neither the start nor the return into service may
/// depend on DNS.
final class Values {

    /// A type of value.
    ///
    /// @param describe a description, e.g. `an IP address`
    /// @param parse parses a text; throws IllegalArgumentException when it is not valid
    private record Kind(String describe, Function<String, Object> parse) {}

    private static final int PORT_MAX = 65_535;

    private static final Map<Class<?>, Kind> KINDS =
            Map.ofEntries(
                    Map.entry(String.class, new Kind("a text that is not empty", Values::text)),
                    Map.entry(int.class, new Kind("a whole number", Integer::valueOf)),
                    Map.entry(long.class, new Kind("a whole number", Long::valueOf)),
                    Map.entry(Long.class, new Kind("a whole number", Long::valueOf)),
                    Map.entry(
                            Community.class,
                            new Kind("a community, e.g. \"65001:42\"", Community::parse)),
                    Map.entry(
                            LargeCommunity.class,
                            new Kind(
                                    "a large community, e.g. \"65001:1:42\"",
                                    LargeCommunity::parse)),
                    Map.entry(
                            Role.class,
                            new Kind("customer, peer, provider, rs-client or rs", Role::parse)),
                    Map.entry(
                            Config.LastSite.class,
                            new Kind("announce or withdraw", Config.LastSite::parse)),
                    Map.entry(boolean.class, new Kind("true or false", Values::truth)),
                    Map.entry(
                            InetAddress.class,
                            new Kind("an IP address, e.g. 198.51.100.1", InetAddress::ofLiteral)),
                    Map.entry(
                            RouterId.class,
                            new Kind("a dotted quad, e.g. 198.51.100.2", RouterId::parse)),
                    Map.entry(
                            InetSocketAddress.class,
                            new Kind(
                                    "ADDRESS:PORT, e.g. \"127.0.0.1:9179\" or \"[::1]:9179\"",
                                    Values::endpoint)),
                    Map.entry(
                            URI.class,
                            new Kind(
                                    "http://ADDRESS:PORT/PATH with an address or localhost (names"
                                            + " would need DNS)",
                                    Values::url)),
                    Map.entry(
                            Prefix.class,
                            new Kind(
                                    "a prefix, e.g. \"192.0.2.0/24\" or \"2001:db8:53::/48\"",
                                    Values::prefix)),
                    Map.entry(
                            Name.class, new Kind("a domain name, e.g. example.com", Values::name)),
                    Map.entry(Path.class, new Kind("a path", Path::of)),
                    Map.entry(Secret.class, new Kind("a text of 1 to 80 octets", Secret::new)),
                    Map.entry(
                            Secret.InFile.class,
                            new Kind(
                                    "a readable file with one line of 1 to 80 octets",
                                    Secret.InFile::read)));

    private Values() {}

    static boolean knows(Class<?> type) {
        return KINDS.containsKey(type);
    }

    static String describe(Class<?> type) {
        return kind(type).describe();
    }

    /// Parses a value.
    ///
    /// @throws IllegalArgumentException when it is not valid; the message says what it must be
    static Object parse(Class<?> type, String text) {
        try {
            return kind(type).parse().apply(text);
        } catch (IllegalArgumentException e) {
            if (type == Secret.class) {
                throw new IllegalArgumentException(describe(type), e); // must not show the secret
            }
            String why = "";
            if (type == Prefix.class || type == Secret.InFile.class) {
                why = ": " + e.getMessage();
            } else if (type == InetAddress.class && text.indexOf('%') > 0) {
                why = ": its interface must be there and have a link-local address";
            }
            throw new IllegalArgumentException(describe(type) + ", not \"" + text + "\"" + why, e);
        }
    }

    private static Kind kind(Class<?> type) {
        Kind kind = KINDS.get(type);
        if (kind == null) {
            throw new IllegalStateException("no option can be a " + type);
        }
        return kind;
    }

    private static String text(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Prefix prefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("no length");
        }
        return Prefix.parse(text);
    }

    private static InetSocketAddress endpoint(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no port");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.contains(":") != bracketed) {
            throw new IllegalArgumentException("brackets");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("port out of range");
        }
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    private static URI url(String text) {
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            if (!"http".equals(uri.getScheme()) || host == null) {
                throw new IllegalArgumentException("not http");
            }
            if (!host.equals("localhost")) {
                InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
