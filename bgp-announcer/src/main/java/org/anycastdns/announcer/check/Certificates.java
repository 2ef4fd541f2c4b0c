package org.anycastdns.announcer.check;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.anycastdns.announcer.config.CheckConfig;
import org.jspecify.annotations.Nullable;

/// How a check verifies certificates: against which trusted ones, for which name, and how long they
/// must remain valid.
final class Certificates {

    /// The most causes that are followed: more than any failure has.
    private static final int CAUSES_MAX = 8;

    /// How long connections and TLS sessions are used again. Meanwhile they hide which certificate
    /// the server has now. A full handshake at each run would cost far more than all other checks.
    static final Duration RENEWAL = Duration.ofSeconds(10);

    private final CheckConfig.Trust trust;
    private final int daysMin;
    private final LongSupplier nanos;
    private TrustManager @Nullable [] trusted;
    private @Nullable SSLContext context;
    private long madeNanos;

    Certificates(CheckConfig.Certificate config) {
        this(config, System::nanoTime);
    }

    /// Creates a way to verify certificates.
    ///
    /// @param daysMin how many days they must remain valid
    Certificates(CheckConfig.Trust trust, int daysMin) {
        this(trust, daysMin, System::nanoTime);
    }

    /// @param nanos the clock that says when it is time for a new context
    Certificates(CheckConfig.Certificate config, LongSupplier nanos) {
        this(config.trust(), config.certificateDaysMin(), nanos);
    }

    private Certificates(CheckConfig.Trust trust, int daysMin, LongSupplier nanos) {
        this.trust = trust;
        this.daysMin = daysMin;
        this.nanos = nanos;
    }

    /// Returns the context for a connection, a new one after [#RENEWAL].
    ///
    /// @throws IOException when the trusted certificates cannot be read; the message says which and
    ///   why
    synchronized SSLContext context() throws IOException {
        SSLContext made = context;
        long now = nanos.getAsLong();
        if (made == null || now - madeNanos >= RENEWAL.toNanos()) {
            made = newContext();
            context = made;
            madeNanos = now;
        }
        return made;
    }

    /// Returns a new context, whose first connection makes a full handshake.
    ///
    /// @throws IOException when the trusted certificates cannot be read
    SSLContext newContext() throws IOException {
        try {
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(null, trusted(), null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use TLS: " + e.getMessage(), e);
        }
    }

    private synchronized TrustManager[] trusted() throws IOException {
        TrustManager[] read = trusted;
        if (read == null) {
            read = read(trust.tlsTrust());
            trusted = read;
        }
        return read;
    }

    /// Returns a TLS connection over a TCP connection, before the handshake. Closing it closes
    /// both.
    SSLSocket over(Socket socket, InetSocketAddress server) throws IOException {
        String host = server.getAddress().getHostAddress();
        SSLSocket secure;
        try {
            secure =
                    (SSLSocket)
                            context()
                                    .getSocketFactory()
                                    .createSocket(socket, host, server.getPort(), true);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        secure.setSSLParameters(parameters());
        return secure;
    }

    /// Returns the parameters by which the server must prove its name.
    SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        String name = trust.tlsName();
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        return parameters;
    }

    /// Returns that the server's certificate expires too soon, in words; null when it does not.
    ///
    /// @throws SSLPeerUnverifiedException when it is not valid now. The handshake does not look at
    ///   the dates of a certificate that is trusted itself.
    @Nullable String warning(SSLSession session) throws SSLPeerUnverifiedException {
        if (!(session.getPeerCertificates()[0] instanceof X509Certificate certificate)) {
            return null;
        }
        Instant now = Instant.now();
        Instant start = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isBefore(start)) {
            throw new SSLPeerUnverifiedException("the certificate is not valid before " + start);
        }
        if (now.isAfter(end)) {
            throw new SSLPeerUnverifiedException("the certificate expired on " + end);
        }
        long days = Duration.between(now, end).toDays();
        return days >= daysMin
                ? null
                : "the certificate expires on %s, in %d days".formatted(end, days);
    }

    private static TrustManager[] read(@Nullable Path trust) throws IOException {
        try {
            KeyStore store = null;
            if (trust != null) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                int count = 0;
                try (InputStream in = Files.newInputStream(trust)) {
                    for (Certificate one :
                            CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                        store.setCertificateEntry("trusted-" + count++, one);
                    }
                }
                if (count == 0) {
                    throw new IOException("no certificate in " + trust);
                }
            }
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            return managers.getTrustManagers();
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + trust, e);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot read the certificates in %s: %s".formatted(trust, e.getMessage()), e);
        }
    }

    /// Returns what a failure is about. Of TLS the last cause says most; of others, the first.
    static String words(Throwable failure) {
        String text = failure.getClass().getSimpleName();
        boolean deep = failure instanceof SSLException;
        Throwable at = failure;
        for (int i = 0; i < CAUSES_MAX && at != null; i++) {
            String message = at.getMessage();
            if (message != null && !message.isBlank()) {
                text = message;
                if (!deep) {
                    break;
                }
            }
            at = at.getCause();
        }
        return Printable.of(text);
    }
}
