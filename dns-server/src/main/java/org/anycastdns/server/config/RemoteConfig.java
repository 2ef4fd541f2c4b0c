package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.util.List;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Another server, from which zones come or to which they go.
public record RemoteConfig(
        @Option(
                        value =
                                "Where the server is, as HOST:PORT or HOST, which means port 53. Of"
                                        + " several addresses the next one is asked if one does not"
                                        + " answer.",
                        entriesMax = ADDRESSES_MAX)
                List<RemoteAddress> address,
        @Option(
                        value =
                                "The name of the key in `keys` that signs all messages to and from"
                                        + " the server.",
                        byDefault = Option.ABSENT)
                @Nullable Name key) {

    /// The most addresses of one server: more than any real one has. Each may cost the time to wait
    /// for it.
    static final int ADDRESSES_MAX = 8;

    private static final int PORT = 53;

    /// Returns the addresses with their ports, in the order of the file.
    public List<InetSocketAddress> sockets() {
        return address.stream().map(each -> each.socket(PORT)).toList();
    }
}
