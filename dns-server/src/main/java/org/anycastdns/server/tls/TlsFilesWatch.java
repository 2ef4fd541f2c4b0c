package org.anycastdns.server.tls;

import java.time.Duration;
import java.util.List;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;

/// The thread that looks whether certificates and keys have changed. Disks may be slow, so no event
/// loop does this.
public final class TlsFilesWatch extends Loop {

    /// Time between two looks. A look costs one system call for each file, and a new certificate is
    /// in use two looks after it was written.
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final List<? extends WatchedTls> watched;

    /// Creates a watch that has not started.
    public TlsFilesWatch(List<? extends WatchedTls> watched) {
        super("tls-files", LongLived::restarted);
        this.watched = List.copyOf(watched);
    }

    @Override
    protected void round() {
        pause(INTERVAL.toNanos());
        watched.forEach(WatchedTls::look);
    }
}
