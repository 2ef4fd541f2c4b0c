package org.anycastdns.announcer.check;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.anycastdns.testkit.TestCertificate;
import org.jspecify.annotations.Nullable;

/// An HTTPS server on loopback that answers every request with `ok`. It keeps connections open and
/// resumes TLS sessions, as web servers do. Its certificate can be changed while it runs.
public final class TestHttps implements AutoCloseable {

    private static final String ALIAS = "www";

    /// Presents the certificate of the moment in each full handshake.
    private static final class Keys extends X509ExtendedKeyManager {

        private volatile TestCertificate now;

        Keys(TestCertificate now) {
            this.now = now;
        }

        @Override
        public String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {now.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return now.key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, java.net.@Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String @Nullable [] getClientAliases(
                String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType,
                Principal @Nullable [] issuers,
                java.net.@Nullable Socket socket) {
            return null;
        }
    }

    private final Keys keys;
    private final SSLContext context;
    private final HttpsServer server;

    /// Starts the server with a certificate.
    public TestHttps(TestCertificate first) throws IOException {
        keys = new Keys(first);
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new X509ExtendedKeyManager[] {keys}, null, null);
            server = HttpsServer.create(new InetSocketAddress(loopback(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = "ok".getBytes(StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
    }

    /// Returns the TCP port.
    public int port() {
        return server.getAddress().getPort();
    }

    /// Returns what servers with this certificate make their connections with.
    SSLContext context() {
        return context;
    }

    /// Answers requests for a path in another way.
    void page(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    /// Changes the certificate for handshakes to come.
    public void present(TestCertificate next) {
        keys.now = next;
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
