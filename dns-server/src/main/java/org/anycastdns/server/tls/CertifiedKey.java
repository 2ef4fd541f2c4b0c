package org.anycastdns.server.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/// A certificate with its chain, and the private key that belongs to it.
///
/// @param chain the certificate first, then those that vouch for it
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {

    private static final char[] NO_PASSWORD = {};

    /// Any text: what is signed with the key must be what the certificate verifies.
    private static final byte[] PROBE = "anycast-dns".getBytes(StandardCharsets.US_ASCII);

    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_OCTET_STRING = 0x04;

    /// Version 0 of PKCS#8, as an INTEGER in DER (RFC 5208 section 5).
    private static final byte[] PKCS8_VERSION = {0x02, 0x01, 0x00};

    /// Copies the list.
    public CertifiedKey {
        chain = List.copyOf(chain);
    }

    /// Reads a pair from PEM files. The key may be PKCS#8, or the older forms of RSA (PKCS#1) and
    /// EC (SEC 1) keys. It may stand in the file of the certificate.
    ///
    /// @throws TlsFileException if a file cannot be used, or the key is not that of the certificate
    public static CertifiedKey read(Path certificate, Path privateKey) throws TlsFileException {
        List<X509Certificate> chain = Pem.certificates(certificate);
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey key = key(privateKey, publicKey);
        if (!belongTogether(key, publicKey)) {
            throw foreign(privateKey, certificate);
        }
        return new CertifiedKey(chain, key);
    }

    private static TlsFileException foreign(Path privateKey, Path certificate) {
        return new TlsFileException(
                privateKey,
                "is not the key of the first certificate in '%s': the certificate of this server must come before those of authorities"
                        .formatted(certificate));
    }

    private static PrivateKey key(Path file, PublicKey publicKey) throws TlsFileException {
        for (Pem.Block block : Pem.blocks(file)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return key(file, block.octets(), publicKey);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return key(file, pkcs8(block.octets(), publicKey), publicKey);
                }
                case "ENCRYPTED PRIVATE KEY" ->
                        throw new TlsFileException(
                                file,
                                "is encrypted, and nobody is there to type its password: write it without one by 'openssl pkey -in FILE -out NEW-FILE'");
                default -> {}
            }
        }
        throw new TlsFileException(
                file, "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey key(Path file, byte[] octets, PublicKey publicKey)
            throws TlsFileException {
        try {
            return KeyFactory.getInstance(publicKey.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(octets));
        } catch (GeneralSecurityException e) {
            throw new TlsFileException(
                    file,
                    "is damaged, or not of the kind of the certificate (%s): %s"
                            .formatted(publicKey.getAlgorithm(), e.getMessage()));
        }
    }

    /// Wraps an older form of a key into PKCS#8. Algorithm and parameters are those of the
    /// certificate's key, which the public key begins with (RFC 5280 section 4.1):
    ///
    /// ```
    ///   PrivateKeyInfo       ::= SEQUENCE { version, algorithm, OCTET STRING }
    ///   SubjectPublicKeyInfo ::= SEQUENCE { algorithm, BIT STRING }
    /// ```
    private static byte[] pkcs8(byte[] older, PublicKey publicKey) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(PKCS8_VERSION);
        content.writeBytes(algorithm(publicKey.getEncoded()));
        content.writeBytes(der(DER_OCTET_STRING, older));
        return der(DER_SEQUENCE, content.toByteArray());
    }

    /// Returns the first element of a SEQUENCE.
    private static byte[] algorithm(byte[] publicKeyInfo) {
        ByteBuffer in = ByteBuffer.wrap(publicKeyInfo);
        int _ = contentLength(in);
        int start = in.position();
        int end = contentLength(in) + in.position();
        byte[] element = new byte[end - start];
        in.get(start, element);
        return element;
    }

    /// Reads a tag and a length, and returns the length. The JDK wrote these octets, so they are
    /// well-formed.
    private static int contentLength(ByteBuffer in) {
        in.get();
        int first = in.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | (in.get() & 0xff);
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | octets);
            for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "DSA" -> "SHA256withDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Returns when the first certificate of the chain expires.
    public Instant expires() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /// Returns the DNS names that the certificate is for; its subject if it has none.
    public List<String> names() {
        List<String> names = Names.of(chain.getFirst());
        return names.isEmpty()
                ? List.of(chain.getFirst().getSubjectX500Principal().getName())
                : names;
    }

    /// Returns the names, and nothing of the key.
    @Override
    public String toString() {
        return "certificate of " + String.join(", ", names());
    }

    /// Returns what presents the certificate in handshakes.
    KeyManager[] keyManagers() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("key", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            return managers.getKeyManagers();
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
