package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.AsNumber;
import org.anycastdns.announcer.message.Community;
import org.anycastdns.announcer.message.LargeCommunity;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.daemon.config.Kinds;
import org.anycastdns.daemon.config.OptionSet;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// The options of the announcer, with the parsers of their types. Addresses must be literals,
/// because neither the start nor the return into service may depend on DNS.
public final class AnnouncerOptions {

    private static final Set<String> WEB = Set.of("http", "https");

    private static final int PORT_MAX = 65_535;

    private static final String PREFIX = "a prefix, e.g. \"192.0.2.0/24\" or \"2001:db8:53::/48\"";

    private static final String ADDRESS = "an IP address, e.g. 198.51.100.1";

    private static final String COMMUNITY =
            "a community, e.g. \"65001:42\" or a name such as no-export";

    private static final String AS = "an AS number within 1 to " + AsNumber.MAX;

    private static final Kinds KINDS =
            Kinds.STANDARD
                    .explained(Community.class, COMMUNITY, AnnouncerOptions::community)
                    .number(AsNumber.class, AS + ", e.g. 65010 or 1.10", AsNumber::parse)
                    .number(
                            RemoteAs.class,
                            "external, internal or " + AS + ", e.g. 65001",
                            RemoteAs::parse)
                    .explained(
                            NeighborScope.Selector.class,
                            "a service, ipv4, ipv6 or a prefix",
                            AnnouncerOptions::selector)
                    .with(
                            LargeCommunity.class,
                            "a large community, e.g. \"65001:1:42\"",
                            LargeCommunity::parse)
                    .explained(InetAddress.class, ADDRESS, AnnouncerOptions::address)
                    .with(RouterId.class, "a dotted quad, e.g. 198.51.100.2", RouterId::parse)
                    .with(
                            InetSocketAddress.class,
                            "ADDRESS:PORT, e.g. \"127.0.0.1:9179\" or \"[::1]:9179\"",
                            AnnouncerOptions::endpoint)
                    .with(
                            URI.class,
                            "http://ADDRESS:PORT/PATH or https:// with an address or localhost"
                                    + " (names would need DNS)",
                            AnnouncerOptions::url)
                    .explained(Prefix.class, PREFIX, AnnouncerOptions::prefix)
                    .with(Name.class, "a domain name, e.g. example.com", AnnouncerOptions::name)
                    .with(
                            CheckConfig.RecordType.class,
                            "a type of DNS records, e.g. SOA",
                            AnnouncerOptions::type)
                    .with(
                            CheckConfig.Url.class,
                            "http:// or https:// with an address or localhost (names would need"
                                    + " DNS), e.g. \"https://192.0.2.80/health\"",
                            text -> new CheckConfig.Url(url(text, WEB)))
                    .with(
                            CheckConfig.Target.class,
                            "dns://ADDRESS:PORT, tcp://ADDRESS:PORT or http://ADDRESS:PORT, e.g."
                                    + " \"dns://203.0.113.53:53\"",
                            AnnouncerOptions::target);

    /// All options, and the rules for them.
    public static final OptionSet<Config> SET =
            new OptionSet<>("bgp-announcer", Config.class, KINDS, ConfigRules::check);

    private AnnouncerOptions() {}

    private static InetAddress address(String text) {
        try {
            return Addresses.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be " + ADDRESS + ", not '" + text + "'", e);
        }
    }

    private static Community community(String text) {
        try {
            return Community.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be " + COMMUNITY + ": " + e.getMessage(), e);
        }
    }

    private static NeighborScope.Selector selector(String text) {
        return text.indexOf('/') < 0
                ? NeighborScope.Selector.parse(text)
                : new NeighborScope.Selector(text, prefix(text));
    }

    private static Prefix prefix(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
                throw new IllegalArgumentException("no length");
            }
            return Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "must be " + PREFIX + ", not '" + text + "': " + e.getMessage(), e);
        }
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
        return new InetSocketAddress(Addresses.ofLiteral(literal), port);
    }

    private static URI url(String text) {
        return url(text, WEB);
    }

    private static URI url(String text, Set<String> schemes) {
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            if (uri.getScheme() == null || !schemes.contains(uri.getScheme()) || host == null) {
                throw new IllegalArgumentException("another scheme");
            }
            if (!host.equals("localhost")) {
                InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static CheckConfig.Target target(String text) {
        int end = text.indexOf("://");
        String word = end < 0 ? "" : text.substring(0, end);
        CheckConfig.Target.Protocol protocol =
                CheckConfig.Target.Protocol.valueOf(word.toUpperCase(Locale.ROOT));
        return new CheckConfig.Target(protocol, endpoint(text.substring(end + "://".length())));
    }

    private static CheckConfig.RecordType type(String text) {
        int code = Type.value(text);
        if (code < 0) {
            throw new IllegalArgumentException("no type");
        }
        return new CheckConfig.RecordType(code);
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
