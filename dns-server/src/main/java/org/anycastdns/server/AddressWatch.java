package org.anycastdns.server;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.net.Absence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports which listen addresses clients cannot reach, to the log, `/status` and the metrics. It
/// is informational only: the sockets start to use an address by themselves when it appears.
final class AddressWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    /// Time between two checks; each costs three system calls per address.
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Supplier<Map<InetSocketAddress, Absence>> look;
    private final Thread thread = LongLived.restarted("address-watch", this::run);
    private volatile Map<InetSocketAddress, Absence> absent = Map.of();
    private volatile boolean closed;

    /// Creates a watch that has not started.
    ///
    /// @param look returns the addresses that clients cannot reach now, and why
    AddressWatch(Supplier<Map<InetSocketAddress, Absence>> look) {
        this.look = look;
    }

    /// Checks once, then continues on a thread of its own.
    void start() {
        update();
        thread.start();
    }

    /// Returns the addresses that clients could not reach at the last check, as HOST:PORT.
    List<String> absent() {
        return absent.keySet().stream().map(NetUtil::toSocketAddressString).toList();
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(INTERVAL.toNanos());
            update();
        }
    }

    private void update() {
        Map<InetSocketAddress, Absence> before = absent;
        Map<InetSocketAddress, Absence> now = look.get();
        absent = now;
        now.forEach((address, why) -> {
            if (before.get(address) != why) {
                LOG.warn(
                        "{} {} (--strict-listen refuses to start without it)",
                        NetUtil.toSocketAddressString(address),
                        why.words());
            }
        });
        for (InetSocketAddress address : before.keySet()) {
            if (!now.containsKey(address)) {
                LOG.info(
                        "{} is an address of this host now and is served",
                        NetUtil.toSocketAddressString(address));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
