package org.anycastdns.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log, `/status` and the metrics which of the addresses to listen on are not on this
/// host. Nothing depends on it: the sockets take an address by themselves when it appears.
final class AddressWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    /// Between two looks, which cost three system calls for each address.
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<List<String>> look;
    private final Thread thread = LongLived.restarted("address-watch", this::run);
    private volatile List<String> absent = List.of();
    private volatile boolean closed;

    /// A watch that has not started.
    ///
    /// @param look finds the addresses that are not on this host now, as HOST:PORT
    AddressWatch(Supplier<List<String>> look) {
        this.look = look;
    }

    /// Looks once, then goes on in a thread of its own.
    void start() {
        update();
        thread.start();
    }

    /// The addresses that were not on this host when it was last looked.
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
                        "{} is not an address of this host: it is served as soon as it is"
                                + " (--strict-listen would not start without it)",
                        address);
            }
        }
        for (String address : before) {
            if (!now.contains(address)) {
                LOG.info("{} is an address of this host now: it is served", address);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
