package org.anycastdns.server.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/// Why a TLS handshake failed.
public enum TlsFailure {
    /// The other side sent something else than TLS.
    NOT_TLS,
    /// One side refused: version, application protocol, certificate or a damaged message.
    REFUSED,
    /// It took too long.
    TIMEOUT,
    /// The other side ended the connection, or the network did.
    ENDED;

    /// The most causes that are followed: more than any failure has.
    private static final int CAUSES_MAX = 8;

    /// The most characters of a text that the other side may have caused.
    private static final int WORDS_MAX = 200;

    /// Returns the kind of a failure.
    public static TlsFailure of(Throwable failure) {
        Throwable at = failure;
        for (int i = 0; i < CAUSES_MAX && at != null; i++) {
            switch (at) {
                case NotSslRecordException _ -> {
                    return NOT_TLS;
                }
                case SslHandshakeTimeoutException _ -> {
                    return TIMEOUT;
                }
                case ClosedChannelException _ -> {
                    return ENDED;
                }
                case SSLException _ -> {
                    return REFUSED;
                }
                default -> at = at.getCause();
            }
        }
        return ENDED;
    }

    /// Returns what a failure is about, in one line. The last cause says most.
    public static String words(Throwable failure) {
        String text = failure.getClass().getSimpleName();
        Throwable at = failure;
        for (int i = 0; i < CAUSES_MAX && at != null; i++) {
            String message = at.getMessage();
            if (message != null && !message.isBlank()) {
                text = message;
            }
            at = at.getCause();
        }
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > WORDS_MAX ? line.substring(0, WORDS_MAX) : line;
    }
}
