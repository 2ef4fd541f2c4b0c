package org.anycastdns.server.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/// DNS over TLS: where, with which certificate, and how much of it.
public record TlsConfig(
        @Option(
                        "Addresses to answer on over TLS, normally those of `listen` with port 853."
                                + " Write them all: TLS has no default address.")
                List<InetSocketAddress> listen,
        @Option(
                        "A PEM file with the certificate of this server and its chain. Certificate"
                                + " and key are read again when the files change.")
                Path certificate,
        @Option(
                        "A PEM file with the private key of the certificate, without a password."
                                + " Other users must not be able to read it.")
                Path privateKey,
        @Option(
                        value =
                                "A PEM file with certificates of authorities. Clients are then asked"
                                        + " for a certificate that one of them vouches for, or that"
                                        + " is one of them. Clients without one are served too.",
                        byDefault = Option.ABSENT)
                @Nullable Path clientAuthorities,
        @Option(
                        value = "Handshakes at one time. Beyond this, a new one ends the oldest.",
                        byDefault = "200",
                        min = "1",
                        max = "" + HANDSHAKES_MAX)
                int handshakesMax,
        @Option(
                        value = "Handshakes of one IPv4 address or IPv6 /56 at one time.",
                        byDefault = "20",
                        min = "1",
                        max = "" + HANDSHAKES_MAX)
                int handshakesPerClientMax,
        @Option(value = "How long a handshake may take.", byDefault = "5s", min = "1s", max = "1m")
                Duration handshakeTimeout,
        @Option(
                        value =
                                "How long a TLS connection may stay without a complete query. The"
                                        + " other limits are those of `tcp`, for TCP and TLS"
                                        + " together.",
                        byDefault = "30s",
                        min = "1s",
                        max = "1h")
                Duration idleTimeout) {

    /// A thousand times what a core makes in a second takes too long for every client.
    static final int HANDSHAKES_MAX = 1_000_000;

    /// Returns the files of the certificate and the authorities.
    public ServerTls.Files files() {
        return new ServerTls.Files(certificate, privateKey, clientAuthorities);
    }
}
