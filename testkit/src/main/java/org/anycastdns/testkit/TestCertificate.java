package org.anycastdns.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// A self-signed certificate and its key, made for a test.
///
/// @param pem file with the certificate
/// @param keyPem file with the private key (PKCS#8), which only its owner can read
public record TestCertificate(X509Certificate certificate, PrivateKey key, Path pem, Path keyPem) {

    private static final String PASSWORD = "password";
    private static final String ALIAS = "www";
    private static final List<String> EC = List.of("-keyalg", "EC", "-groupname", "secp256r1");

    /// Makes a certificate with an EC key.
    ///
    /// @param folder folder for its files
    /// @param name the host name that it is for
    /// @param start when it begins to be valid, for example `-1d`
    /// @param days how long it is valid from then on
    public static TestCertificate make(Path folder, String name, String start, int days)
            throws IOException, InterruptedException {
        return make(folder, name, start, days, EC);
    }

    /// Makes a certificate with a key of some kind.
    ///
    /// @param kind the options of keytool for the key, such as `-keyalg RSA`
    public static TestCertificate make(
            Path folder, String name, String start, int days, List<String> kind)
            throws IOException, InterruptedException {
        Path made = Files.createTempDirectory(folder, "tls");
        Path store = made.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>();
        command.addAll(List.of(keytool.toString(), "-genkeypair", "-alias", ALIAS));
        command.addAll(kind);
        command.addAll(List.of("-startdate", start, "-validity", Integer.toString(days)));
        command.addAll(List.of("-dname", "CN=" + name, "-ext", "san=dns:" + name));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new AssertionError("keytool failed: " + command);
        }
        return read(made, store);
    }

    private static TestCertificate read(Path folder, Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            char[] password = PASSWORD.toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            X509Certificate certificate = (X509Certificate) keys.getCertificate(ALIAS);
            PrivateKey key = (PrivateKey) Objects.requireNonNull(keys.getKey(ALIAS, password));
            Path keyPem = pem(folder.resolve("www.key"), "PRIVATE KEY", key.getEncoded());
            Files.setPosixFilePermissions(keyPem, PosixFilePermissions.fromString("rw-------"));
            return new TestCertificate(
                    certificate,
                    key,
                    pem(folder.resolve("www.pem"), "CERTIFICATE", certificate.getEncoded()),
                    keyPem);
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
