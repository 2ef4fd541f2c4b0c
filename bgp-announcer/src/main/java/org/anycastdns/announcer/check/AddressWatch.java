package org.anycastdns.announcer.check;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.daemon.LongLived;

/// Checks periodically whether an address is on an interface of this host. Without the address the
/// responder cannot be reached, and another site may answer our probes.
public final class AddressWatch implements AutoCloseable {

    private final InetAddress address;
    private final Duration interval;
    private final Consumer<? super Observation> sink;
    private final Thread thread;
    private volatile boolean closed;

    /// Creates a watch that has not started.
    ///
    /// @param interval the time between two checks
    /// @param sink receives the result of each check, on the watch's own thread
    public AddressWatch(
            InetAddress address, Duration interval, Consumer<? super Observation> sink) {
        this.address = address;
        this.interval = interval;
        this.sink = sink;
        this.thread = LongLived.restarted("probe-address", this::run);
    }

    /// Starts checking.
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            sink.accept(new Observation.Located(present(address)));
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    /// Returns whether the address is on an interface of this host. All of 127.0.0.0/8 is.
    static boolean present(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true; // unknown is no evidence
        }
    }
}
