package org.anycastdns.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Problem;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.tls.Pin;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS in configurations: the listener, and other servers.
class TlsRulesTest {

    private static final String NAME = "ns1.example.com";

    @TempDir static Path folder;
    private static TestCertificate made;

    @BeforeAll
    static void files() throws Exception {
        made = TestCertificate.make(folder, NAME, "-1d", 30);
        Files.copy(made.pem(), folder.resolve("cert.pem"));
        Files.copy(made.keyPem(), folder.resolve("key.pem"));
        Files.writeString(folder.resolve("text"), "no PEM\n");
    }

    private static Loaded<Config> read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("server.yaml"), "zones: z\n" + yaml);
        return ServerOptions.SET.read(file, Map.of(), ConfigTest.MACHINE);
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(each -> each.toString().replace(folder + "/", "")).toList();
    }

    private static List<String> mistakes(String yaml) throws IOException {
        return texts(read(yaml).problems());
    }

    private static List<String> listenerMistakes(String certificate, String key, String more)
            throws IOException {
        return mistakes(
                "tls: {listen: 127.0.0.1:853, certificate: %s, private-key: %s%s}\n"
                        .formatted(certificate, key, more));
    }

    private static List<String> remoteMistakes(String tls) throws IOException {
        return mistakes("remotes: {hidden: {address: 192.0.2.9, tls: {%s}}}\n".formatted(tls));
    }

    @Test
    void theListenerHasDefaultsForAllButAddressAndFiles() throws IOException {
        TlsConfig tls =
                Objects.requireNonNull(
                        read("tls: {listen: '127.0.0.1:853', certificate: cert.pem, private-key: key.pem}\n")
                                .config()
                                .tls());
        assertEquals(200, tls.handshakesMax());
        assertEquals(20, tls.handshakesPerClientMax());
        assertEquals(5, tls.handshakeTimeout().toSeconds());
        assertEquals(30, tls.idleTimeout().toSeconds());
        assertEquals(folder.resolve("key.pem"), tls.files().privateKey());
        assertEquals(
                List.of(
                        "server.yaml:2:6: tls.certificate: is missing: A PEM file with the certificate of this server and its chain.",
                        "server.yaml:2:6: tls.private-key: is missing: A PEM file with the private key of the certificate, without a password."),
                mistakes("tls: {listen: '127.0.0.1:853'}\n"));
    }

    @Test
    void eachFileIsBlamedAtItsOption() throws IOException {
        assertEquals(
                List.of("server.yaml:2:43: tls.certificate: 'none.pem' does not exist"),
                listenerMistakes("none.pem", "key.pem", ""));
        assertEquals(
                List.of(
                        "server.yaml:2:66: tls.private-key: 'text' holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"),
                listenerMistakes("cert.pem", "text", ""));
        assertEquals(
                List.of(
                        "server.yaml:2:95: tls.client-authorities: 'text' holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"),
                listenerMistakes("cert.pem", "key.pem", ", client-authorities: text"));
    }

    @Test
    void anAddressIsForTlsOrForPlainTcp() throws IOException {
        assertEquals(
                List.of(
                        "server.yaml:3:16: tls.listen[0]: is in 'listen' too, for plain TCP: use another port, normally 853"),
                mistakes(
                        "listen: '127.0.0.1:53'\ntls: {listen: ['127.0.0.1:53'], certificate: cert.pem, private-key: key.pem}\n"));
    }

    @Test
    void aCertificateThatHasExpiredIsAWarning() throws Exception {
        TestCertificate expired = TestCertificate.make(folder, NAME, "-40d", 30);
        Loaded<Config> loaded =
                read(
                        "tls: {listen: '127.0.0.1:853', certificate: %s, private-key: %s}\n"
                                .formatted(expired.pem(), expired.keyPem()));
        List<String> warnings =
                loaded instanceof Loaded.Valid<Config>(var _, List<Problem> all)
                        ? texts(all)
                        : List.of();
        assertEquals(1, warnings.size());
        assertTrue(
                warnings.getFirst()
                        .startsWith(
                                "server.yaml:2:45: tls.certificate: the certificate of "
                                        + NAME
                                        + " expired on"),
                warnings::toString);
    }

    @Test
    void aRemoteWithTlsHasAnotherPort() throws IOException {
        String pin = Pin.of(made.certificate()).text();
        RemoteConfig remote =
                Objects.requireNonNull(
                        read("remotes: {hidden: {address: [192.0.2.9, '192.0.2.9:8530'], tls: {name: ns0.example.com., pins: %s}}}\n"
                                        .formatted(pin))
                                .config()
                                .remotes()
                                .get("hidden"));
        InetAddress host = InetAddress.ofLiteral("192.0.2.9");
        assertEquals(
                List.of(new InetSocketAddress(host, 853), new InetSocketAddress(host, 8530)),
                remote.sockets());
        PeerTls.Settings settings = Objects.requireNonNull(remote.tls()).settings();
        assertEquals("ns0.example.com", settings.name());
        assertEquals(List.of(Pin.of(made.certificate())), settings.pins());
    }

    @Test
    void whatARemoteMustProveIsNoContradiction() throws IOException {
        String at = "server.yaml:2:45: remotes.hidden.tls: ";
        assertEquals(
                List.of(
                        at
                                + "nothing proves who the server is: set 'name' or 'pins', or write 'profile: opportunistic' to believe any"),
                remoteMistakes("profile: strict"));
        assertEquals(
                List.of(
                        at
                                + "'opportunistic' believes any server: remove 'pins' and 'authorities'"),
                remoteMistakes("profile: opportunistic, authorities: cert.pem"));
        assertEquals(
                List.of(at + "'certificate' and 'private-key' need each other"),
                remoteMistakes("name: a.example, certificate: cert.pem"));
        assertEquals(
                List.of(
                        "server.yaml:2:%d: remotes.hidden.tls.authorities: vouch for a name: set 'name' too"
                                .formatted(111)),
                remoteMistakes("pins: " + Pin.of(made.certificate()) + ", authorities: cert.pem"));
        assertEquals(
                List.of(
                        "server.yaml:2:52: remotes.hidden.tls.pins[0]: must be the SHA-256 digest of a public key in base64 (44 characters), not 'AAAA'"),
                remoteMistakes("pins: AAAA"));
        assertEquals(
                List.of(
                        "server.yaml:2:76: remotes.hidden.tls.authorities: 'text' holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"),
                remoteMistakes("name: a.example, authorities: text"));
        assertEquals(List.of(), remoteMistakes("profile: opportunistic, name: a.example"));
    }
}
