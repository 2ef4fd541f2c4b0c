package org.anycastdns.server.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// What all connections of DNS over TLS have in common: version and application protocol.
final class Dot {

    /// The application protocol (ALPN) of DNS over TLS (RFC 7858, registered by RFC 9103 section
    /// 12.1).
    static final String PROTOCOL = "dot";

    /// The one version. Zone transfers require it (RFC 9103 section 7.1), every resolver that
    /// speaks TLS to authoritative servers has it, and older ones would need rules of their own.
    private static final String VERSION = "TLSv1.3";

    private Dot() {}

    static SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(VERSION);
        context.init(keys, trust, null);
        return context;
    }

    static SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        parameters.setApplicationProtocols(new String[] {PROTOCOL});
        return parameters;
    }

    /// Returns whether both sides agreed on DNS over TLS, after the handshake.
    static boolean isAgreed(SSLEngine engine) {
        return PROTOCOL.equals(engine.getApplicationProtocol());
    }
}
