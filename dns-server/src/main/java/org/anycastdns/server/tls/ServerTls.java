package org.anycastdns.server.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the TLS listener makes connections with: its certificate and key, and the authorities that
/// vouch for clients. Thread-safe.
///
/// Sessions are resumed by tickets, which the JDK encrypts with keys of this process: the server
/// keeps nothing for a client. New files end the old tickets.
public final class ServerTls implements WatchedTls {

    /// How many days before the expiry of the certificate warnings begin. Certificates that live 90
    /// days are normally replaced when 30 are left, so nothing happened for two weeks.
    public static final int WARNING_DAYS = 14;

    /// How long a ticket resumes a session. Resolvers come back within minutes; a stolen ticket is
    /// worth less the sooner it ends.
    private static final Duration TICKET_LIFETIME = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final Reloaded<Identity> identity;
    private final boolean asksForCertificates;
    private final InstantSource clock;
    private long warnedDays = Long.MAX_VALUE;

    /// The files of a listener.
    ///
    /// @param certificate the certificate and its chain
    /// @param privateKey the key of the certificate
    /// @param clientAuthorities certificates that vouch for clients; null if none are asked for
    public record Files(Path certificate, Path privateKey, @Nullable Path clientAuthorities) {}

    private record Identity(CertifiedKey key, SSLContext context) {

        static Identity read(Files files) throws TlsFileException {
            CertifiedKey key = CertifiedKey.read(files.certificate, files.privateKey);
            Path authorities = files.clientAuthorities;
            try {
                TrustManager[] trust =
                        authorities == null
                                ? null
                                : new TrustManager[] {Trust.in(authorities, List.of())};
                SSLContext context = Dot.context(key.keyManagers(), trust);
                context.getServerSessionContext()
                        .setSessionTimeout((int) TICKET_LIFETIME.toSeconds());
                Rehearsal.run(engine(context, authorities != null));
                return new Identity(key, context);
            } catch (GeneralSecurityException | SSLException e) {
                throw new TlsFileException(
                        files.certificate, "cannot be used for TLS: " + TlsFailure.words(e));
            }
        }
    }

    /// Reads the files.
    ///
    /// @param option the group of options that names them, for messages
    /// @param clock tells when certificates expire
    /// @throws TlsFileException if one of them cannot be used
    public ServerTls(String option, Files files, InstantSource clock) throws TlsFileException {
        List<Path> all = new ArrayList<>(List.of(files.certificate, files.privateKey));
        if (files.clientAuthorities != null) {
            all.add(files.clientAuthorities);
        }
        this.identity = new Reloaded<>(option, all, () -> Identity.read(files));
        this.asksForCertificates = files.clientAuthorities != null;
        this.clock = clock;
    }

    /// Returns an engine for a new connection of a client.
    public SSLEngine engine() {
        return engine(identity.current().context, asksForCertificates);
    }

    private static SSLEngine engine(SSLContext context, boolean asksForCertificates) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = Dot.parameters(engine);
        parameters.setWantClientAuth(asksForCertificates);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// Returns whether a client agreed on DNS over TLS by name, after the handshake. A client may
    /// also name no protocol; one that names only others fails the handshake.
    public static boolean isDot(SSLEngine engine) {
        return Dot.isAgreed(engine);
    }

    /// Returns the names of a client's certificate, after the handshake; none without one.
    public static List<String> clientNames(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Names.of(certificate)
                    : List.of();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    @Override
    public void look() {
        identity.look();
        long days = daysLeft();
        if (days >= WARNING_DAYS) {
            warnedDays = Long.MAX_VALUE;
        } else if (days < warnedDays) {
            // Once a day, and at the start.
            warnedDays = days;
            LOG.warn("tls.certificate: {}", expiryWarning());
        }
    }

    private long daysLeft() {
        return Duration.between(clock.instant(), expires()).toDays();
    }

    /// Returns when the certificate in use, or one of its chain, expires.
    public Instant expires() {
        return identity.current().key.expires();
    }

    /// Returns the names of the certificate in use.
    public List<String> names() {
        return identity.current().key.names();
    }

    /// Returns why the newest files are not used; empty if they are.
    public String fault() {
        return identity.fault();
    }

    /// Returns how often changed files could not be used.
    public long failures() {
        return identity.failures();
    }

    /// Returns that the certificate expires soon or has expired, in a sentence; empty otherwise.
    public String expiryWarning() {
        Instant expires = expires();
        long days = daysLeft();
        String certificate = "the certificate of " + String.join(", ", names());
        if (!clock.instant().isBefore(expires)) {
            return "%s expired on %s, so clients that verify it get no answers: replace the files, no restart is needed"
                    .formatted(certificate, expires);
        }
        return days >= WARNING_DAYS
                ? ""
                : "%s expires on %s, in %d days: replace the files, no restart is needed"
                        .formatted(certificate, expires, days);
    }

    /// Returns what an operator must do something about, in sentences.
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        String expiry = expiryWarning();
        if (!expiry.isEmpty()) {
            warnings.add("tls.certificate: " + expiry);
        }
        if (!fault().isEmpty()) {
            warnings.add(
                    "tls: the changed files cannot be used, the former ones stay in use: "
                            + fault());
        }
        return warnings;
    }
}
