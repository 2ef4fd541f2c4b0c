package org.anycastdns.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports which listen addresses are not on this host, to the log, `/status` and the metrics. It
/// is informational only: the sockets start to use an address by themselves when it appears.
final class AddressWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    /// Time between two checks; each costs three system calls per address.
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<List<String>> look;
    private final Thread thread = LongLived.restarted("address-watch", this::run);
    private volatile List<String> absent = List.of();
    private volatile boolean closed;

    /// Creates a watch that has not started.
    ///
    /// @param look returns the addresses that are not on this host now, as HOST:PORT
    AddressWatch(Supplier<List<String>> look) {
        this.look = look;
    }

    /// Checks once, then continues on a thread of its own.
    void start() {
        update();
        thread.start();
    }

    /// Returns the addresses that were not on this host at the last check.
    List<String> absent() {
        return absent;
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(INTERVAL.toNanos());
            update();
        }
    }

    private void update() {
        List<String> before = absent;
        List<String> now = look.get();
        absent = now;
        for (String address : now) {
            if (!before.contains(address)) {
                LOG.warn(
                        "{} is not an address of this host yet; it is served when it appears"
                                + " (--strict-listen refuses to start without it)",
                        address);
            }
        }
        for (String address : before) {
            if (!now.contains(address)) {
                LOG.info("{} is an address of this host now and is served", address);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
