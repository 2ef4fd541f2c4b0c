package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.anycastdns.announcer.bfd.BfdSession;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.jspecify.annotations.Nullable;

/// Runs a BFD session with each neighbor that is configured for it (RFC 5881). All sessions share
/// one thread that does nothing else. Thread-safe.
public final class BfdSessions implements AutoCloseable {

    /// How long to wait for the final packets, in milliseconds. They leave at once or not at all.
    private static final long CLOSE_MILLIS_MAX = 500;

    /// The source of a packet. A link-local address is unique only together with its link.
    private record Source(InetAddress address, int scope) {
        static Source of(InetAddress address) {
            return new Source(address, Addresses.link(address));
        }
    }

    private final Datagrams datagrams;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<Neighbor, BfdDriver> drivers = new LinkedHashMap<>();
    private final Map<Source, BfdDriver> bySource = new HashMap<>();

    /// Opens the sockets and starts sending.
    ///
    /// @param down called on the BFD thread when a session that was up has failed, with the reason
    /// @throws IOException when a socket cannot be opened; the message is fit for the operator
    public BfdSessions(
            Map<Neighbor, BfdTerms> wanted, Observer observer, BiConsumer<Neighbor, String> down)
            throws IOException {
        this(wanted, observer, down, null, Datagrams.PORT);
    }

    /// Creates sessions with other ports, for tests that share a network.
    ///
    /// @param local where to listen; null is the port of BFD on every address
    /// @param remotePort the port at which the neighbors listen
    BfdSessions(
            Map<Neighbor, BfdTerms> wanted,
            Observer observer,
            BiConsumer<Neighbor, String> down,
            @Nullable InetSocketAddress local,
            int remotePort)
            throws IOException {
        datagrams = new Datagrams();
        try {
            Set<Integer> discriminators = new HashSet<>(Set.of(0));
            for (Map.Entry<Neighbor, BfdTerms> entry : wanted.entrySet()) {
                Neighbor neighbor = entry.getKey();
                BfdDriver driver =
                        new BfdDriver(
                                session(entry.getValue(), discriminators),
                                neighbor,
                                datagrams.loop(),
                                datagrams.open(
                                        new InetSocketAddress(neighbor.address(), remotePort),
                                        neighbor.source()),
                                observer,
                                down);
                drivers.put(neighbor, driver);
                if (bySource.put(Source.of(neighbor.address()), driver) != null) {
                    throw new IllegalArgumentException(
                            "two BFD sessions with " + neighbor.address());
                }
            }
            Set<Integer> octets = new HashSet<>();
            for (Neighbor neighbor : wanted.keySet()) {
                octets.add(neighbor.address().getAddress().length);
            }
            for (int length : octets) {
                InetAddress any = Addresses.of(new byte[length]);
                datagrams.listen(
                        local == null ? new InetSocketAddress(any, Datagrams.PORT) : local,
                        this::received);
            }
        } catch (IOException | RuntimeException e) {
            datagrams.close();
            throw e;
        }
        drivers.values().forEach(BfdDriver::start);
    }

    /// Both directions have the same interval. The discriminator must not be predictable.
    private static BfdSession session(BfdTerms terms, Set<Integer> taken) {
        SecureRandom random = new SecureRandom();
        int discriminator = 0;
        while (!taken.add(discriminator)) {
            discriminator = random.nextInt();
        }
        long micros = TimeUnit.MILLISECONDS.toMicros(terms.intervalMillis());
        return new BfdSession(discriminator, micros, micros, terms.detectMultiplier());
    }

    /// Returns the BFD status of a neighbor, or null when it has no BFD session.
    public @Nullable BfdStatus status(Neighbor neighbor) {
        BfdDriver driver = drivers.get(neighbor);
        return driver == null ? null : driver.status();
    }

    /// Stops every session on purpose and tells the neighbors; does nothing the second time. BIRD
    /// ends BGP on that too, so BGP must be closed first.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        var stopped = datagrams.loop().submit(() -> drivers.values().forEach(BfdDriver::stop));
        boolean _ = stopped.awaitUninterruptibly(CLOSE_MILLIS_MAX);
        datagrams.close();
    }

    private void received(InetAddress source, byte[] octets) {
        BfdDriver driver = bySource.get(Source.of(source));
        if (driver != null) {
            driver.received(octets);
        }
    }
}
