package org.anycastdns.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.anycastdns.testkit.TestCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates and keys in the forms that tools write, and in none that can be used.
class CertifiedKeyTest {

    private static final String NAME = "ns1.example.com";
    private static final List<String> RSA = List.of("-keyalg", "RSA", "-keysize", "2048");
    private static final List<String> ED25519 = List.of("-keyalg", "ED25519");

    @TempDir private static Path folder;
    private static TestCertificate ec;
    private static TestCertificate otherEc;
    private static TestCertificate rsa;

    @BeforeAll
    static void certificates() throws Exception {
        ec = TestCertificate.make(folder, NAME, "-1d", 30);
        otherEc = TestCertificate.make(folder, NAME, "-1d", 30);
        rsa = TestCertificate.make(folder, NAME, "-1d", 30, RSA);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "test", ".pem"), text);
    }

    private static String pem(String label, byte[] octets) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(octets));
    }

    /// Returns the older form of a key, which the last element of PKCS#8 holds.
    private static byte[] older(byte[] pkcs8) {
        ByteBuffer in = ByteBuffer.wrap(pkcs8);
        int _ = length(in);
        in.position(in.position() + 3);
        int algorithm = length(in);
        in.position(in.position() + algorithm);
        byte[] key = new byte[length(in)];
        in.get(key);
        return key;
    }

    private static int length(ByteBuffer in) {
        in.get();
        int first = in.get() & 0xff;
        return switch (first) {
            case 0x81 -> in.get() & 0xff;
            case 0x82 -> in.getShort() & 0xffff;
            default -> first;
        };
    }

    private static String refusal(Path certificate, Path key) {
        return String.valueOf(
                assertThrows(TlsFileException.class, () -> CertifiedKey.read(certificate, key))
                        .getMessage());
    }

    @Test
    void keysOfEveryKindAreRead() throws Exception {
        TestCertificate ed25519 = TestCertificate.make(folder, NAME, "-1d", 30, ED25519);
        for (TestCertificate made : List.of(ec, rsa, ed25519)) {
            CertifiedKey read = CertifiedKey.read(made.pem(), made.keyPem());
            assertEquals(List.of(made.certificate()), read.chain());
            assertEquals(made.key(), read.key());
            assertEquals(List.of(NAME), read.names());
            assertEquals(made.certificate().getNotAfter().toInstant(), read.expires());
            assertEquals(1, read.keyManagers().length);
        }
    }

    @Test
    void theOlderFormsOfKeysAreRead() throws Exception {
        Path sec1 =
                write(
                        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                                + pem("EC PRIVATE KEY", older(ec.key().getEncoded())));
        Path pkcs1 = write(pem("RSA PRIVATE KEY", older(rsa.key().getEncoded())));
        assertEquals(ec.key(), CertifiedKey.read(ec.pem(), sec1).key());
        assertEquals(rsa.key(), CertifiedKey.read(rsa.pem(), pkcs1).key());
    }

    @Test
    void certificateAndKeyMayStandInOneFileWithText() throws Exception {
        Path both =
                write(
                        "subject=CN = "
                                + NAME
                                + "\n"
                                + Files.readString(ec.keyPem())
                                + "issuer=CN = x\n"
                                + Files.readString(ec.pem()));
        assertEquals(ec.key(), CertifiedKey.read(both, both).key());
    }

    @Test
    void nothingOfTheKeyIsInItsText() throws Exception {
        CertifiedKey read = CertifiedKey.read(ec.pem(), ec.keyPem());
        assertEquals("certificate of " + NAME, read.toString());
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() throws Exception {
        String text = refusal(ec.pem(), otherEc.keyPem());
        assertTrue(text.contains("is not the key of the first certificate in"), text);
        // The chain begins with the authority.
        Path reversed = write(Files.readString(otherEc.pem()) + Files.readString(ec.pem()));
        assertTrue(refusal(reversed, ec.keyPem()).contains("must come before"), text);
        String kind = refusal(ec.pem(), rsa.keyPem());
        assertTrue(kind.contains("not of the kind of the certificate (EC)"), kind);
    }

    @Test
    void filesThatCannotBeUsedSayWhy() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertEquals("'%s' does not exist".formatted(missing), refusal(missing, ec.keyPem()));
        assertTrue(refusal(folder, ec.keyPem()).endsWith("is not a regular file"));
        Path empty = write("");
        assertTrue(refusal(empty, ec.keyPem()).contains("holds no certificate in PEM form"));
        assertTrue(refusal(ec.pem(), empty).contains("holds no private key in PEM form"));
        assertTrue(refusal(ec.pem(), ec.pem()).contains("holds no private key"));
        Path locked = write(pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        assertTrue(refusal(ec.pem(), locked).contains("openssl pkey"));
        Path text = write("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
        assertTrue(refusal(text, ec.keyPem()).contains("is damaged: certificate 1"));
        byte[] half = ec.certificate().getEncoded();
        Path cut = write(pem("CERTIFICATE", Arrays.copyOf(half, half.length / 2)));
        assertTrue(refusal(cut, ec.keyPem()).contains("is damaged: certificate 1"));
        Path large = write(" ".repeat((1 << 20) + 1));
        assertTrue(refusal(large, ec.keyPem()).contains("not the file that is meant"));
    }

    @Test
    void aPinIsTheDigestThatOtherToolsShow() throws Exception {
        Pin pin = Pin.of(ec.certificate());
        assertEquals(pin, Pin.of(pin.text()));
        assertEquals(44, pin.text().length());
        for (String wrong : List.of("", "AAAA", "*".repeat(44), pin.text() + "A")) {
            assertThrows(IllegalArgumentException.class, () -> Pin.of(wrong), wrong);
        }
    }
}
