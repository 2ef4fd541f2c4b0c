package org.anycastdns.server;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.config.TlsConfig;
import org.anycastdns.server.net.Listeners;
import org.anycastdns.server.net.TlsLimits;
import org.anycastdns.server.net.TlsListening;
import org.anycastdns.server.ops.TlsStatus;
import org.anycastdns.server.tls.ServerTls;
import org.anycastdns.server.tls.TlsFileException;
import org.anycastdns.server.tls.TlsFilesWatch;

/// DNS over TLS of a running responder: its certificate, and the thread that looks whether the
/// files changed.
final class TlsService implements AutoCloseable {

    private final TlsConfig config;
    private final ServerTls tls;
    private final TlsFilesWatch watch;

    /// Reads the files.
    ///
    /// @throws TlsFileException if one cannot be used, although the configuration was accepted
    TlsService(TlsConfig config) throws TlsFileException {
        this.config = config;
        this.tls = new ServerTls("tls", config.files(), Clock.systemUTC());
        this.watch = new TlsFilesWatch(List.of(tls));
    }

    /// Starts the thread.
    void start() {
        watch.start();
    }

    /// Returns where and how TLS is served.
    TlsListening listening() {
        return new TlsListening(
                config.listen(),
                tls,
                new TlsLimits(
                        config.handshakesMax(),
                        config.handshakesPerClientMax(),
                        config.handshakeTimeout(),
                        config.idleTimeout()));
    }

    /// Returns the state of the listener.
    TlsStatus status(Listeners listeners) {
        Map<String, Long> handshakes = new LinkedHashMap<>();
        listeners.tlsHandshakes().forEach((how, count) -> handshakes.put(how.label(), count));
        return new TlsStatus(
                listeners.boundForTls().stream().map(Server::text).toList(),
                listeners.tlsConnections(),
                handshakes,
                tls.names(),
                tls.expires(),
                tls.failures(),
                tls.warnings());
    }

    @Override
    public void close() {
        watch.close();
    }
}
