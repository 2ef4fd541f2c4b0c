package org.anycastdns.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Another server, from which zones come or to which they go.
public record RemoteConfig(
        @Option(
                        value =
                                "Where the server is, as HOST:PORT or HOST, which means port 53, or"
                                        + " 853 with `tls`. Of"
                                        + " several addresses the next one is asked if one does not"
                                        + " answer.",
                        entriesMax = ADDRESSES_MAX)
                List<RemoteAddress> address,
        @Option(
                        value =
                                "The name of the key in `keys` that signs all messages to and from"
                                        + " the server.",
                        byDefault = Option.ABSENT)
                @Nullable Name key,
        @Option(
                        value =
                                "Speaks TLS to the server (XoT, RFC 9103), and never plain TCP or"
                                        + " UDP for what it asks.",
                        byDefault = Option.ABSENT)
                @Nullable RemoteTlsConfig tls,
        @Option(
                        value =
                                "The address of this host from which requests and NOTIFY go to the"
                                        + " server, one of IPv4, one of IPv6, or both. Without it,"
                                        + " the system chooses. It must not be the anycast"
                                        + " address: replies could go to another PoP.",
                        byDefault = Option.ABSENT,
                        entriesMax = SOURCES_MAX)
                List<SourceAddress> source) {

    /// The most addresses of one server: more than any real one has. Each may cost the time to wait
    /// for it.
    static final int ADDRESSES_MAX = 8;

    /// One for each family.
    static final int SOURCES_MAX = 2;

    private static final int PORT = 53;
    private static final int TLS_PORT = 853;

    /// Returns the addresses of this host from which to send, one of a family at most.
    public List<InetAddress> sources() {
        return source.stream().map(SourceAddress::address).toList();
    }

    /// Returns the address of this host from which to send to an address; null if the system
    /// chooses.
    public @Nullable InetAddress sourceTo(InetSocketAddress server) {
        for (InetAddress each : sources()) {
            if (each.getClass().equals(server.getAddress().getClass())) {
                return each;
            }
        }
        return null;
    }

    /// Returns the addresses with their ports, in the order of the file.
    public List<InetSocketAddress> sockets() {
        return address.stream().map(each -> each.socket(tls == null ? PORT : TLS_PORT)).toList();
    }
}
