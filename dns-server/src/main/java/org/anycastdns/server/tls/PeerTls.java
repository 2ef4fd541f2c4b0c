package org.anycastdns.server.tls;

import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// What connections to one other server are made with (XoT, RFC 9103): whom to believe, and our own
/// certificate if it asks for one. Thread-safe.
///
/// A connector puts {@link #handler} first into the pipeline of a new connection, waits for its
/// handshake future, and asks {@link #refusal} before it sends anything. A failure, whose words are
/// those of {@link TlsFailure}, means the next server and never plain TCP: whoever can break TLS
/// could otherwise make us go without.
///
/// ```
///   strict          name: authorities vouch for a certificate of that name
///                   pins: the certificate has one of these keys; with a name, both must hold
///   opportunistic   any certificate: nobody on the path can read, but it may be the wrong server
/// ```
public final class PeerTls implements WatchedTls {

    private final Settings settings;
    private final Reloaded<SSLContext> context;

    /// Whom to believe, and who we are.
    ///
    /// @param strict whether the server must prove who it is
    /// @param name the name in its certificate, without a final dot; null if only pins count
    /// @param authorities certificates that vouch for the name; null for those that Java trusts
    /// @param pins the keys it may have; any if empty
    /// @param certificate our certificate; null if we have none
    /// @param privateKey our key; null if we have none
    public record Settings(
            boolean strict,
            @Nullable String name,
            @Nullable Path authorities,
            List<Pin> pins,
            @Nullable Path certificate,
            @Nullable Path privateKey) {

        /// Checks what the options must not contradict.
        public Settings {
            pins = List.copyOf(pins);
            if (strict && name == null && pins.isEmpty()) {
                throw new IllegalArgumentException("nothing proves who the server is");
            }
        }

        private List<Path> files() {
            List<Path> files = new ArrayList<>();
            for (Path file : new @Nullable Path[] {authorities, certificate, privateKey}) {
                if (file != null) {
                    files.add(file);
                }
            }
            return files;
        }

        private SSLContext context() throws TlsFileException {
            try {
                KeyManager[] keys =
                        certificate == null || privateKey == null
                                ? null
                                : CertifiedKey.read(certificate, privateKey).keyManagers();
                return Dot.context(keys, new TrustManager[] {trust()});
            } catch (GeneralSecurityException e) {
                throw new TlsFileException(
                        files().isEmpty() ? Path.of("") : files().getFirst(),
                        "cannot be used for TLS: " + e.getMessage());
            }
        }

        private Trust trust() throws TlsFileException, GeneralSecurityException {
            if (!strict) {
                return Trust.inAll();
            }
            return name == null ? Trust.in(pins) : Trust.in(authorities, pins);
        }
    }

    /// Reads the files.
    ///
    /// @param option the group of options that names them, for messages
    /// @throws TlsFileException if one of them cannot be used
    public PeerTls(String option, Settings settings) throws TlsFileException {
        this.settings = settings;
        this.context = new Reloaded<>(option, settings.files(), settings::context);
    }

    /// Returns the handler of a new connection. Its handshake begins when the connection is active.
    ///
    /// @param server the address that is connected to
    /// @param timeout how long the handshake may take
    public SslHandler handler(InetSocketAddress server, Duration timeout) {
        String name = settings.name;
        SSLContext now = context.current();
        SSLEngine engine =
                name == null
                        ? now.createSSLEngine()
                        : now.createSSLEngine(name.toLowerCase(Locale.ROOT), server.getPort());
        engine.setUseClientMode(true);
        SSLParameters parameters = Dot.parameters(engine);
        if (name != null && settings.strict) {
            // The rules for names in certificates are those of HTTPS (RFC 9525).
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(timeout.toMillis());
        return handler;
    }

    /// Returns why a connection must not be used although its handshake succeeded; null if it may
    /// be. The version and the certificate are part of the handshake itself.
    public static @Nullable String refusal(SslHandler handler) {
        return Dot.isAgreed(handler.engine())
                ? null
                : "the server does not say that it speaks DNS over TLS (ALPN 'dot', RFC 9103"
                        + " section 7.1): it may be another service, or an old server";
    }

    /// Returns the pin of the server's key, for logs; empty before the handshake.
    public static String pin(SslHandler handler) {
        try {
            return handler.engine().getSession().getPeerCertificates()[0]
                            instanceof X509Certificate certificate
                    ? Pin.of(certificate).text()
                    : "";
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    @Override
    public void look() {
        context.look();
    }

    /// Returns why the newest files are not used; empty if they are.
    public String fault() {
        return context.fault();
    }
}
