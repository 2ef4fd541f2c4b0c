package org.anycastdns.announcer.fleet;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.anycastdns.announcer.fleet.HeartbeatFilter.Verdict;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends this site's stance to every other site, at once when it changes, and receives theirs. The
/// [HeartbeatFilter] decides which heartbeats count.
public final class Beacon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Beacon.class);

    /// The maximum length of a site's name in octets of UTF-8.
    public static final int NAME_OCTETS_MAX = Heartbeat.NAME_OCTETS_MAX;

    /// Separates the name of a site from that of a service.
    public static final String SEPARATOR = "/";

    /// The service whose heartbeats carry the name of the site alone.
    private static final String SHORT_FORM = "dns";

    /// The time between two heartbeats. Five may be lost before a site counts as silent.
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /// Receives the stances of the other sites.
    public interface Sink {

        /// Called for each heartbeat that counts, on a thread of the beacon.
        void heard(String site, String service, Stance stance);

        /// Called when a site has another name, with the one that it had before; on a thread of the
        /// beacon.
        void renamed(String site);
    }

    private final String name;
    private final long boot = System.currentTimeMillis();
    private final AtomicLong sequence = new AtomicLong();
    private final List<InetSocketAddress> sites;
    private final String secret;
    private final Sink sink;
    private final DatagramSocket socket;
    private final InetSocketAddress here;
    private final HeartbeatFilter filter;
    private final Thread sender;
    private final Thread receiver;
    private final LogLimiter<String> lines = new LogLimiter<>("heartbeat");
    private volatile Map<String, Stance> stances;
    private volatile boolean closed;

    /// Creates a beacon that has not started.
    ///
    /// @param name the name of this site
    /// @param listen the address where heartbeats are received and sent from
    /// @param sites the addresses where the other sites listen
    /// @param sink receives the heartbeats that count
    /// @throws IOException when the address cannot be bound; the message says which and why
    public Beacon(
            String name,
            InetSocketAddress listen,
            List<InetSocketAddress> sites,
            String secret,
            Sink sink)
            throws IOException {
        this.name = name;
        this.stances = Map.of(name, Stance.WITHDRAWN);
        this.sites = List.copyOf(sites);
        this.secret = secret;
        this.sink = sink;
        try {
            this.socket = new DatagramSocket(listen);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on %s for heartbeats: %s".formatted(listen, e.getMessage()), e);
        }
        this.here = (InetSocketAddress) socket.getLocalSocketAddress();
        this.filter = new HeartbeatFilter(name, boot, here, sites, Heartbeat.key(secret));
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
        return here;
    }

    /// Returns the name in the heartbeats about a service: that of the site alone for the service
    /// named `dns`, as of a site with one service.
    public static String name(String site, String service) {
        return service.equals(SHORT_FORM) ? site : site + SEPARATOR + service;
    }

    /// Returns the site in the name of a heartbeat.
    static String site(String name) {
        int at = name.indexOf(SEPARATOR);
        return at < 0 ? name : name.substring(0, at);
    }

    /// Returns the service in the name of a heartbeat.
    static String service(String name) {
        int at = name.indexOf(SEPARATOR);
        return at < 0 ? SHORT_FORM : name.substring(at + 1);
    }

    /// Sends this stance of the site's only service from now on. Does not wait.
    public void tell(Stance now) {
        tell(Map.of(name, now));
    }

    /// Sends these stances from now on, a heartbeat for each. Does not wait.
    ///
    /// @param now the stances by the names of the heartbeats
    public void tell(Map<String, Stance> now) {
        if (!stances.equals(now)) {
            stances = Map.copyOf(now);
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
        while (!closed) {
            stances.forEach((about, stance) -> send(about, stance, key));
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    private void send(String about, Stance stance, Mac key) {
        long number = sequence.getAndIncrement();
        long now = System.currentTimeMillis();
        for (InetSocketAddress site : sites) {
            Heartbeat beat = new Heartbeat(stance, boot, number, now, filter.bootOf(site), about);
            byte[] octets = beat.signed(key, here, site);
            try {
                socket.send(new DatagramPacket(octets, octets.length, site));
            } catch (IOException e) {
                LOG.debug("no heartbeat to {}: {}", site, e.toString());
            }
        }
    }

    private void receive() {
        byte[] buffer = new byte[Heartbeat.OCTETS_MAX + 1];
        while (!closed) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] octets = Arrays.copyOf(buffer, packet.getLength());
                heard((InetSocketAddress) packet.getSocketAddress(), octets);
            } catch (IOException e) {
                if (!closed) {
                    String fault = e.toString();
                    lines.log(fault, more -> LOG.warn("receiving heartbeats: {}{}", fault, more));
                    LockSupport.parkNanos(INTERVAL.toNanos()); // never a busy loop
                }
            }
        }
    }

    private void heard(InetSocketAddress from, byte[] octets) {
        long known = filter.bootOf(from);
        Verdict verdict = filter.check(from, octets, System.currentTimeMillis());
        if (filter.bootOf(from) != known) {
            LockSupport.unpark(sender); // our heartbeats count there once they name that run
        }
        switch (verdict) {
            case Verdict.Counts(Heartbeat beat, var renamed) -> {
                if (renamed != null) {
                    sink.renamed(renamed);
                }
                sink.heard(site(beat.name()), service(beat.name()), beat.stance());
            }
            case Verdict.Ignored(String reason) -> ignored(from, reason);
            case Verdict.Dropped _ -> {}
        }
    }

    private void ignored(InetSocketAddress from, String reason) {
        lines.log(
                from.toString(),
                more -> LOG.warn("a heartbeat from {} is ignored: {}{}", from, reason, more));
    }
}
