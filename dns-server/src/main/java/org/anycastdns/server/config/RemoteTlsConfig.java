package org.anycastdns.server.config;

import java.nio.file.Path;
import java.util.List;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.tls.Pin;
import org.jspecify.annotations.Nullable;

/// How another server is spoken to over TLS (XoT, RFC 9103).
public record RemoteTlsConfig(
        @Option(
                        value =
                                "`strict`: the server must prove its name or have a pinned key."
                                        + " `opportunistic`: any certificate will do, so nobody on"
                                        + " the path can read, but it may be the wrong server."
                                        + " Neither ever falls back to plain TCP.",
                        byDefault = "strict")
                Profile profile,
        @Option(
                        value =
                                "The name in the server's certificate, such as `ns0.example.com`. It"
                                        + " is also sent to the server (SNI).",
                        byDefault = Option.ABSENT,
                        min = "1",
                        max = "253")
                @Nullable String name,
        @Option(
                        value =
                                "A PEM file with the certificates that vouch for the name. Without"
                                        + " it, those that Java trusts.",
                        byDefault = Option.ABSENT)
                @Nullable Path authorities,
        @Option(
                        value =
                                "SHA-256 digests of the server's public key in base64, as for `kdig"
                                        + " +tls-pin`. With `name`, both must be right. Two pins"
                                        + " let the key change.",
                        byDefault = Option.ABSENT)
                List<Pin> pins,
        @Option(
                        value =
                                "A PEM file with our certificate, if the server asks for one"
                                        + " (mutual TLS).",
                        byDefault = Option.ABSENT)
                @Nullable Path certificate,
        @Option(
                        value = "A PEM file with the private key of our certificate.",
                        byDefault = Option.ABSENT)
                @Nullable Path privateKey) {

    /// Whether the server must prove who it is (RFC 8310 section 5).
    public enum Profile {
        /// It must.
        STRICT,
        /// Any certificate will do.
        OPPORTUNISTIC
    }

    /// Returns the same for a connector. Call it on a configuration that was accepted.
    public PeerTls.Settings settings() {
        return new PeerTls.Settings(
                profile == Profile.STRICT,
                name == null ? null : name.replaceFirst("\\.$", ""),
                authorities,
                pins,
                certificate,
                privateKey);
    }
}
