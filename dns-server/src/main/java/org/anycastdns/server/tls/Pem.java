package org.anycastdns.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of a PEM file (RFC 7468). Text around them is ignored, as tools write it there.
final class Pem {

    /// The largest file: room for some 200 certificates of authorities, which is more than any
    /// system trusts. A larger one is the wrong file.
    private static final int FILE_OCTETS_MAX = 1 << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]++)-----([^-]*+)-----END \\1-----");

    private static final String CERTIFICATE = "CERTIFICATE";

    /// One block of a file.
    ///
    /// @param label what it holds, such as `CERTIFICATE`
    record Block(String label, byte[] octets) {}

    private Pem() {}

    /// Reads all blocks of a file.
    static List<Block> blocks(Path file) throws TlsFileException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(file));
        while (matcher.find()) {
            try {
                blocks.add(
                        new Block(
                                matcher.group(1),
                                Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new TlsFileException(
                        file,
                        "holds a block %s that is not base64: write the file again"
                                .formatted(matcher.group(1)));
            }
        }
        return blocks;
    }

    private static String text(Path file) throws TlsFileException {
        try {
            // A pipe would block the start; a device has no end.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new TlsFileException(file, "is not a regular file");
            }
            if (Files.size(file) > FILE_OCTETS_MAX) {
                throw new TlsFileException(
                        file,
                        "has more than %d octets, so it is not the file that is meant"
                                .formatted(FILE_OCTETS_MAX));
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file, "does not exist");
        } catch (IOException e) {
            throw new TlsFileException(file, "cannot be read: " + e);
        }
    }

    /// Reads the certificates of a file, in its order.
    static List<X509Certificate> certificates(Path file) throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals(CERTIFICATE)) {
                certificates.add(certificate(file, block.octets, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(
                    file, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private static X509Certificate certificate(Path file, byte[] octets, int number)
            throws TlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(octets));
        } catch (CertificateException e) {
            throw new TlsFileException(
                    file, "is damaged: certificate %d: %s".formatted(number, e.getMessage()));
        }
    }
}
