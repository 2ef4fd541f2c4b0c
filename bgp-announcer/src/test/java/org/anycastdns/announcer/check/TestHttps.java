package org.anycastdns.announcer.check;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// An HTTPS server on loopback that answers every request with `ok`. It keeps connections open and
/// resumes TLS sessions, as web servers do. Its certificate can be changed while it runs.
public final class TestHttps implements AutoCloseable {

    private static final String PASSWORD = "password";
    private static final String ALIAS = "www";

    /// A self-signed certificate and its key.
    ///
    /// @param pem file with the certificate
    /// @param keyPem file with the private key
    public record Certificate(X509Certificate certificate, PrivateKey key, Path pem, Path keyPem) {

        /// Returns the command of a server of others with this certificate.
        ///
        /// @param address address and port, with a colon between
        public List<String> server(String openssl, String address) {
            return List.of(
                    openssl,
                    "s_server",
                    "-www",
                    "-accept",
                    address,
                    "-cert",
                    pem.toString(),
                    "-key",
                    keyPem.toString());
        }
    }

    /// Presents the certificate of the moment in each full handshake.
    private static final class Keys extends X509ExtendedKeyManager {

        private volatile Certificate now;

        Keys(Certificate now) {
            this.now = now;
        }

        @Override
        public String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {now.certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return now.key;
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
    public TestHttps(Certificate first) throws IOException {
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
    public void present(Certificate next) {
        keys.now = next;
    }

    /// Makes a certificate.
    ///
    /// @param folder folder for its files
    /// @param name the host name that it is for
    /// @param start when it begins to be valid, for example `-1d`
    /// @param days how long it is valid from then on
    public static Certificate certificate(Path folder, String name, String start, int days)
            throws IOException, InterruptedException {
        Path made = Files.createTempDirectory(folder, "tls");
        Path store = made.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command =
                List.of(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-startdate",
                        start,
                        "-validity",
                        Integer.toString(days),
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD);
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new AssertionError("keytool failed: " + command);
        }
        return read(made, store);
    }

    private static Certificate read(Path folder, Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            char[] password = PASSWORD.toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            X509Certificate certificate = (X509Certificate) keys.getCertificate(ALIAS);
            PrivateKey key = (PrivateKey) Objects.requireNonNull(keys.getKey(ALIAS, password));
            return new Certificate(
                    certificate,
                    key,
                    pem(folder.resolve("www.pem"), "CERTIFICATE", certificate.getEncoded()),
                    pem(folder.resolve("www.key"), "PRIVATE KEY", key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static Path pem(Path file, String label, byte[] octets) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                        .formatted(label, Base64.getMimeEncoder().encodeToString(octets)));
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
