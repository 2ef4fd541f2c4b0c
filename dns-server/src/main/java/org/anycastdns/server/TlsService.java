package org.anycastdns.server;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.RemoteConfig;
import org.anycastdns.server.config.TlsConfig;
import org.anycastdns.server.net.Listeners;
import org.anycastdns.server.net.TlsLimits;
import org.anycastdns.server.net.TlsListening;
import org.anycastdns.server.ops.TlsStatus;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.tls.ServerTls;
import org.anycastdns.server.tls.TlsFileException;
import org.anycastdns.server.tls.TlsFilesWatch;
import org.anycastdns.server.tls.WatchedTls;
import org.jspecify.annotations.Nullable;

/// All TLS of a running responder: the certificate of the listener, what connections to other
/// servers are made with, and the thread that looks whether the files changed.
final class TlsService implements AutoCloseable {

    private final @Nullable TlsConfig config;
    private final @Nullable ServerTls listener;
    private final Map<String, PeerTls> remotes = new LinkedHashMap<>();
    private final @Nullable TlsFilesWatch watch;

    /// Reads the files.
    ///
    /// @throws TlsFileException if one cannot be used, although the configuration was accepted
    TlsService(Config config) throws TlsFileException {
        List<WatchedTls> watched = new ArrayList<>();
        TlsConfig wanted = config.tls();
        this.config = wanted;
        this.listener =
                wanted == null ? null : new ServerTls("tls", wanted.files(), Clock.systemUTC());
        for (Map.Entry<String, RemoteConfig> remote : config.remotes().entrySet()) {
            var tls = remote.getValue().tls();
            if (tls != null) {
                String option = "remotes.%s.tls".formatted(remote.getKey());
                remotes.put(remote.getKey(), new PeerTls(option, tls.settings()));
            }
        }
        if (listener != null) {
            watched.add(listener);
        }
        watched.addAll(remotes.values());
        this.watch = watched.isEmpty() ? null : new TlsFilesWatch(watched);
    }

    /// Starts the thread, if there are files.
    void start() {
        if (watch != null) {
            watch.start();
        }
    }

    /// Returns what connections to other servers are made with, by the names of the remotes. Those
    /// without TLS are not there.
    Map<String, PeerTls> remotes() {
        return Map.copyOf(remotes);
    }

    /// Returns where and how TLS is served; null for nowhere.
    @Nullable TlsListening listening() {
        return config == null || listener == null
                ? null
                : new TlsListening(
                        config.listen(),
                        listener,
                        new TlsLimits(
                                config.handshakesMax(),
                                config.handshakesPerClientMax(),
                                config.handshakeTimeout(),
                                config.idleTimeout()));
    }

    /// Returns the state of the listener; null if there is none.
    @Nullable TlsStatus status(Listeners listeners) {
        if (listener == null) {
            return null;
        }
        Map<String, Long> handshakes = new LinkedHashMap<>();
        listeners.tlsHandshakes().forEach((how, count) -> handshakes.put(how.label(), count));
        return new TlsStatus(
                listeners.boundForTls().stream().map(Server::text).toList(),
                listeners.tlsConnections(),
                handshakes,
                listener.names(),
                listener.expires(),
                listener.failures(),
                listener.warnings());
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
