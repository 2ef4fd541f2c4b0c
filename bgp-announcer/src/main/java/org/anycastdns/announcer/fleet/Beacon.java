package org.anycastdns.announcer.fleet;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import javax.crypto.Mac;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends this site's stance to every other site, at once when it changes, and receives theirs. A
/// heartbeat is dropped if it is not from a listed site, has a wrong signature, is too old, or is
/// not newer than the last one.
public final class Beacon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Beacon.class);

    /// The maximum length of a site's name in octets of UTF-8.
    public static final int NAME_OCTETS_MAX = Heartbeat.NAME_OCTETS_MAX;

    /// The time between two heartbeats. Five may be lost before a site counts as silent.
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /// The maximum difference between the clocks of two sites. Sites whose clocks differ more do
    /// not accept each other's heartbeats. It is also the maximum age of a recorded heartbeat that
    /// can be replayed to a site that has just started.
    static final Duration SKEW_MAX = Duration.ofSeconds(30);

    private final String name;
    private final List<InetSocketAddress> sites;
    private final String secret;
    private final BiConsumer<String, Stance> sink;
    private final DatagramSocket socket;
    private final Thread sender;
    private final Thread receiver;
    private final LogLimiter<String> lines = new LogLimiter<>("heartbeat");
    private final Map<SocketAddress, Heartbeat> last = new HashMap<>();
    private volatile Stance stance = Stance.WITHDRAWN;
    private volatile boolean closed;

    /// Creates a beacon that has not started.
    ///
    /// @param name the name of this site
    /// @param listen the address where heartbeats are received and sent from
    /// @param sites the addresses where the other sites listen
    /// @param sink receives the name and the stance of each heartbeat, on a thread of the beacon
    /// @throws IOException when the address cannot be bound; the message says which and why
    public Beacon(
            String name,
            InetSocketAddress listen,
            List<InetSocketAddress> sites,
            String secret,
            BiConsumer<String, Stance> sink)
            throws IOException {
        this.name = name;
        this.sites = List.copyOf(sites);
        this.secret = secret;
        this.sink = sink;
        try {
            this.socket = new DatagramSocket(listen);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on %s for heartbeats: %s".formatted(listen, e.getMessage()), e);
        }
        this.sender = LongLived.restarted("fleet-send", this::send);
        this.receiver = LongLived.restarted("fleet-receive", this::receive);
    }

    /// Starts to send and receive.
    public void start() {
        sender.start();
        receiver.start();
    }

    /// Returns the address it listens on. It differs from the configured one only for port 0.
    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// Sends this stance from now on. Does not wait.
    public void tell(Stance now) {
        if (stance != now) {
            stance = now;
            LockSupport.unpark(sender);
        }
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
        LockSupport.unpark(sender);
    }

    private void send() {
        Mac key = Heartbeat.key(secret);
        long boot = System.currentTimeMillis();
        for (long sequence = 0; !closed; sequence++) {
            Heartbeat beat =
                    new Heartbeat(stance, boot, sequence, System.currentTimeMillis(), name);
            byte[] octets = beat.signed(key);
            for (InetSocketAddress site : sites) {
                try {
                    socket.send(new DatagramPacket(octets, octets.length, site));
                } catch (IOException e) {
                    LOG.debug("no heartbeat to {}: {}", site, e.toString());
                }
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    private void receive() {
        Mac key = Heartbeat.key(secret);
        byte[] buffer = new byte[Heartbeat.OCTETS_MAX + 1];
        while (!closed) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] octets = Arrays.copyOf(buffer, packet.getLength());
                heard(packet.getSocketAddress(), octets, key);
            } catch (IOException e) {
                if (!closed) {
                    String fault = e.toString();
                    lines.log(fault, more -> LOG.warn("receiving heartbeats: {}{}", fault, more));
                    LockSupport.parkNanos(INTERVAL.toNanos()); // never a busy loop
                }
            }
        }
    }

    private void heard(SocketAddress from, byte[] octets, Mac key) {
        if (!sites.contains(from)) {
            return;
        }
        Heartbeat beat = Heartbeat.verified(octets, key);
        if (beat == null) {
            ignored(from, "it is signed with another secret, or is none");
            return;
        }
        Duration skew = Duration.ofMillis(System.currentTimeMillis() - beat.sentMillis()).abs();
        if (skew.compareTo(SKEW_MAX) > 0) {
            ignored(from, "its clock and ours differ by %d s".formatted(skew.toSeconds()));
            return;
        }
        Heartbeat before = last.get(from);
        if (before == null || beat.after(before)) {
            last.put(from, beat);
            sink.accept(beat.name(), beat.stance());
        }
    }

    private void ignored(SocketAddress from, String reason) {
        lines.log(
                from.toString(),
                more -> LOG.warn("a heartbeat from {} is ignored: {}{}", from, reason, more));
    }
}
