package org.anycastdns.announcer.check;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;

/// Checks periodically whether an address is on an interface of this host. Without the address the
/// responder cannot be reached, and another site may answer our probes.
public final class AddressWatch extends Loop {

    private final InetAddress address;
    private final Duration interval;
    private final Consumer<? super Observation> sink;

    /// Creates a watch that has not started.
    ///
    /// @param interval the time between two checks
    /// @param sink receives the result of each check, on the watch's own thread
    public AddressWatch(
            InetAddress address, Duration interval, Consumer<? super Observation> sink) {
        super("probe-address", LongLived::restarted);
        this.address = address;
        this.interval = interval;
        this.sink = sink;
    }

    @Override
    protected void round() {
        sink.accept(new Observation.Located(present(address)));
        pause(interval.toNanos());
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
