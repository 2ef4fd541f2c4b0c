package org.anycastdns.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates that change while the server runs, and that expire.
class ServerTlsTest {

    private static final String FORMER = "former.example.com";
    private static final String NEXT = "next.example.com";

    @TempDir private static Path made;
    private static TestCertificate former;
    private static TestCertificate next;

    @TempDir private Path folder;
    private Path certificate;
    private Path privateKey;

    @BeforeAll
    static void certificates() throws Exception {
        former = TestCertificate.make(made, FORMER, "-1d", 30);
        next = TestCertificate.make(made, NEXT, "-1d", 30);
    }

    @BeforeEach
    void files() throws Exception {
        certificate = folder.resolve("cert.pem");
        privateKey = folder.resolve("key.pem");
        install(former.pem(), certificate);
        install(former.keyPem(), privateKey);
    }

    /// Puts a file in place of another, as tools do that renew certificates.
    private void install(Path file, Path place) throws IOException {
        Path copy = Files.createTempFile(folder, "copy", ".pem");
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private ServerTls open(InstantSource clock) throws TlsFileException {
        return new ServerTls("tls", new ServerTls.Files(certificate, privateKey, null), clock);
    }

    @Test
    void aNewPairIsInUseAfterTwoLooks() throws Exception {
        ServerTls tls = open(InstantSource.system());
        install(next.pem(), certificate);
        install(next.keyPem(), privateKey);
        tls.look();
        assertEquals(List.of(FORMER), tls.names());
        tls.look();
        assertEquals(List.of(NEXT), tls.names());
        assertEquals("", tls.fault());
        assertEquals(List.of(), tls.warnings());
    }

    @Test
    void aPairOfWhichOnlyOneFileIsNewIsNotUsed() throws Exception {
        ServerTls tls = open(InstantSource.system());
        install(next.pem(), certificate);
        tls.look();
        tls.look();
        assertEquals(List.of(FORMER), tls.names());
        assertTrue(tls.fault().contains("is not the key of the first certificate"), tls::fault);
        assertTrue(tls.warnings().getFirst().contains("the former ones stay in use"));
        assertEquals(1, tls.failures());
        tls.look();
        tls.look();
        assertEquals(1, tls.failures(), "one failure for one state of the files");
        install(next.keyPem(), privateKey);
        tls.look();
        tls.look();
        assertEquals(List.of(NEXT), tls.names());
        assertEquals("", tls.fault());
    }

    @Test
    void filesThatVanishOrBreakKeepTheFormerOnes() throws Exception {
        ServerTls tls = open(InstantSource.system());
        Files.delete(privateKey);
        tls.look();
        tls.look();
        assertTrue(tls.fault().endsWith("does not exist"), tls::fault);
        Files.writeString(
                privateKey, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        tls.look();
        tls.look();
        assertTrue(tls.fault().contains("is damaged"), tls::fault);
        assertEquals(2, tls.failures());
        assertEquals(List.of(FORMER), tls.names());
        assertTrue(tls.engine().getSSLParameters().getApplicationProtocols().length == 1);
    }

    @Test
    void aBrokenPairAtTheStartIsAnError() throws Exception {
        install(next.pem(), certificate);
        TlsFileException failure =
                assertThrows(TlsFileException.class, () -> open(InstantSource.system()));
        assertEquals(privateKey, failure.file());
    }

    /// The file is sound, but no client can make a handshake with it.
    @Test
    void aCertificateThatTheJdkRefusesIsAnError() throws Exception {
        TestCertificate weak =
                TestCertificate.make(
                        folder, FORMER, "-1d", 30, List.of("-keyalg", "DSA", "-keysize", "2048"));
        install(weak.pem(), certificate);
        install(weak.keyPem(), privateKey);
        TlsFileException failure =
                assertThrows(TlsFileException.class, () -> open(InstantSource.system()));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("cannot be used for TLS: "),
                failure::getMessage);
    }

    @Test
    void theLastTwoWeeksOfACertificateAreAWarning() throws Exception {
        Instant end = former.certificate().getNotAfter().toInstant();
        assertEquals(List.of(), open(at(end, Duration.ofDays(-14))).warnings());
        String soon = open(at(end, Duration.ofDays(-14).plusSeconds(1))).warnings().getFirst();
        assertTrue(soon.contains("expires on") && soon.contains("in 13 days"), soon);
        String over = open(at(end, Duration.ZERO)).warnings().getFirst();
        assertTrue(over.contains(FORMER + " expired on"), over);
    }

    private static InstantSource at(Instant end, Duration offset) {
        return InstantSource.fixed(end.plus(offset));
    }
}
