package org.anycastdns.server.net;

import java.util.Locale;
import org.anycastdns.server.tls.TlsFailure;

/// How a TLS handshake of a client ended.
public enum TlsOutcome {
    /// It succeeded, with certificate and signature.
    FULL,
    /// It succeeded by a ticket of an earlier connection.
    RESUMED,
    /// The client sent something else than TLS.
    NOT_TLS,
    /// One side refused: version, application protocol or certificate.
    REFUSED,
    /// It took too long.
    TIMEOUT,
    /// The client ended the connection, or the network did.
    ENDED,
    /// A newer handshake of the same client replaced it at the limit per client.
    CLIENT_LIMIT,
    /// A newer handshake replaced it at the total limit.
    TOTAL_LIMIT;

    /// Returns the outcome of a failure.
    static TlsOutcome of(TlsFailure failure) {
        return switch (failure) {
            case NOT_TLS -> NOT_TLS;
            case REFUSED -> REFUSED;
            case TIMEOUT -> TIMEOUT;
            case ENDED -> ENDED;
        };
    }

    /// Returns the metric label.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
