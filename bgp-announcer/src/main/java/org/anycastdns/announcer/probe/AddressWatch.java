package org.anycastdns.announcer.probe;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.daemon.LongLived;

/// Looks again and again whether an address is on an interface of this host: without it the
/// responder cannot be asked, and another site may answer our probes instead.
public final class AddressWatch implements AutoCloseable {

    private final InetAddress address;
    private final Duration interval;
    private final Consumer<? super Observation> sink;
    private final Thread thread;
    private volatile boolean closed;

    /// A watch that has not started.
    ///
    /// @param interval between two looks
    /// @param sink is given what each look found, on a thread of its own
    public AddressWatch(
            InetAddress address, Duration interval, Consumer<? super Observation> sink) {
        this.address = address;
        this.interval = interval;
        this.sink = sink;
        this.thread = LongLived.restarted("probe-address", this::run);
    }

    /// Starts to look.
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

    /// Whether the address is on an interface of this host. All of 127.0.0.0/8 is.
    static boolean present(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true; // not known: no evidence
        }
    }
}
