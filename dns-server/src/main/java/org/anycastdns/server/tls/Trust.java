package org.anycastdns.server.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Decides which certificates are believed: those that authorities vouch for, those whose key is
/// pinned, those of which both is true, or all.
///
/// It also looks at the dates of the certificate itself. The JDK does not if the certificate is one
/// of the trusted ones, which is usual for self-signed ones. A pinned key has no dates.
final class Trust extends X509ExtendedTrustManager {

    private final @Nullable X509ExtendedTrustManager authorities;
    private final List<Pin> pins;

    private Trust(@Nullable X509ExtendedTrustManager authorities, List<Pin> pins) {
        this.authorities = authorities;
        this.pins = List.copyOf(pins);
    }

    /// Believes every certificate.
    static Trust inAll() {
        return new Trust(null, List.of());
    }

    /// Believes certificates with one of some keys.
    static Trust in(List<Pin> pins) {
        return new Trust(null, pins);
    }

    /// Believes certificates that authorities vouch for and, if pins are given, that have one of
    /// these keys.
    ///
    /// @param authorities a file with the certificates of authorities; null for those that Java
    ///   trusts
    static Trust in(@Nullable Path authorities, List<Pin> pins)
            throws TlsFileException, GeneralSecurityException {
        KeyStore store = null;
        if (authorities != null) {
            List<X509Certificate> trusted = Pem.certificates(authorities);
            store = KeyStore.getInstance("PKCS12");
            try {
                store.load(null, null);
            } catch (IOException e) {
                throw new GeneralSecurityException(e);
            }
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry("trusted-" + i, trusted.get(i));
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return new Trust(found, pins);
            }
        }
        throw new GeneralSecurityException("this Java verifies no certificates");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities != null) {
            authorities.checkClientTrusted(chain, authType, engine);
        }
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities != null) {
            authorities.checkServerTrusted(chain, authType, engine);
        }
        check(chain);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (authorities != null) {
            chain[0].checkValidity();
        }
        if (!pins.isEmpty() && !pins.contains(Pin.of(chain[0]))) {
            throw new CertificateException(
                    "the key of the certificate is not pinned: its pin is " + Pin.of(chain[0]));
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
    }

    // Connections are made with engines, never with sockets.

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no sockets");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no sockets");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("no engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("no engine");
    }
}
