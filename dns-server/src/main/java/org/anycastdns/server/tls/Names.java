package org.anycastdns.server.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// The DNS names of a certificate (RFC 5280 section 4.2.1.6). The common name is none of them (RFC
/// 9525 section 2).
final class Names {

    private static final Integer DNS_NAME = 2;

    private Names() {}

    /// Returns the names in lower case; none if the certificate has none, or not in a form that can
    /// be read.
    static List<String> of(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> DNS_NAME.equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
