package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import org.anycastdns.daemon.config.Kinds;
import org.anycastdns.daemon.config.OptionSet;
import org.anycastdns.server.guard.AddressPrefix;
import org.anycastdns.server.tls.Pin;
import org.anycastdns.server.transfer.tsig.TsigMethod;
import org.anycastdns.server.transfer.update.SerialPolicy;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ZoneFileNames;

/// The options of dns-server, with the parsers of their types.
public final class ServerOptions {

    private static final int PORT_MAX = 65_535;

    private static final String ADDRESS = "HOST:PORT, e.g. 192.0.2.53:53 or [2001:db8::53]:53";

    private static final Kinds KINDS =
            Kinds.STANDARD
                    .explained(InetSocketAddress.class, ADDRESS, ServerOptions::address)
                    .explained(
                            CookieSecret.class, "32 hexadecimal digits, or unset", CookieSecret::of)
                    .explained(Pin.class, "the SHA-256 digest of a public key in base64", Pin::of)
                    .words(UdpEngine.class, UdpEngine::of)
                    .words(SerialPolicy.class, SerialPolicy::of)
                    .explained(
                            TsigMethod.class,
                            "an HMAC of RFC 8945, e.g. hmac-sha256",
                            TsigMethod::of)
                    .explained(SourceAddress.class, SourceAddress.FORM, SourceAddress::of)
                    .explained(RemoteAddress.class, RemoteAddress.FORM, RemoteAddress::of)
                    .explained(
                            AddressPrefix.class,
                            "an address or prefix, e.g. 192.0.2.0/24",
                            AddressPrefix::of)
                    .explained(Name.class, "a domain name", Name::of)
                    .explained(ZoneFileNames.class, "text with {origin}", ZoneFileNames::of)
                    .explained(
                            Config.IncludeFolder.class,
                            "a path in the zone folder, or none",
                            Config.IncludeFolder::of)
                    .explained(
                            Config.FolderFile.class,
                            "a path in the zone folder",
                            Config.FolderFile::of);

    /// All options.
    public static final OptionSet<Config> SET =
            new OptionSet<>("dns-server", Config.class, KINDS, new ConfigRules());

    private ServerOptions() {}

    /// Parses HOST:PORT, with an IPv6 address in brackets; a host name is resolved.
    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        boolean brackets = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        boolean single = colon > 0 && text.indexOf(':') == colon;
        if (!brackets && !single) {
            String hint =
                    colon > 0 && !text.startsWith("[") ? "; write an IPv6 address in brackets" : "";
            throw new IllegalArgumentException(
                    "must be " + ADDRESS + ", not '" + text + "'" + hint);
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
