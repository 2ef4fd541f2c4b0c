package org.anycastdns.announcer.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.anycastdns.announcer.bfd.BfdAuthentication;
import org.anycastdns.announcer.bfd.BfdSeal;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.session.Neighbor;
import org.anycastdns.announcer.transport.Datagrams;
import org.anycastdns.announcer.transport.LocalEnd;
import org.jspecify.annotations.Nullable;

/// Runs a BFD session with each neighbor that is configured for it (RFC 5881). All sessions share
/// one thread that does nothing else. Thread-safe, but only one thread at a time changes what is
/// wanted.
public final class BfdSessions implements AutoCloseable {

    /// How long to wait for the final packets, in milliseconds. They leave at once or not at all.
    private static final long CLOSE_MILLIS_MAX = 500;

    /// For how long a neighbor is told that its session has ended, in milliseconds. It is three
    /// packets at the slow interval, so that one of them arrives (RFC 5880 section 6.8.16).
    private static final long GOODBYE_MILLIS = 3_000;

    /// The source of a packet. A link-local address is unique only together with its link, and
    /// behind another interface may be another host with the same address.
    private record Source(InetAddress address, int scope, @Nullable String device) {
        static Source of(InetAddress address, @Nullable String device) {
            return new Source(address, device == null ? Addresses.link(address) : 0, device);
        }
    }

    /// What one socket listens for.
    private record Listening(int addressOctets, @Nullable String device) {}

    /// A session, the parameters that it was told last, and whether it sends.
    private record Running(BfdDriver driver, BfdTerms terms, boolean started) {}

    private final Observer observer;
    private final BiConsumer<Neighbor, String> down;
    private final @Nullable InetSocketAddress local;
    private final int remotePort;
    private final Datagrams datagrams;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<Integer> discriminators = new HashSet<>(Set.of(0));
    private final Set<Listening> listening = new HashSet<>();
    private final Map<Source, BfdDriver> bySource = new ConcurrentHashMap<>();
    private volatile Map<Neighbor.Id, Running> sessions = Map.of();

    /// Sessions whose sockets are open for the next [#follow], and that take the place of others.
    private Map<Neighbor.Id, Running> prepared = Map.of();

    /// Opens the sockets of sessions, which send from the first [#follow] on.
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
        this.observer = observer;
        this.down = down;
        this.local = local;
        this.remotePort = remotePort;
        datagrams = new Datagrams();
        try {
            prepare(wanted);
        } catch (IOException | RuntimeException e) {
            datagrams.close();
            throw e;
        }
    }

    /// Opens the sockets of sessions that are wanted and do not exist. Nothing is sent yet, and
    /// running sessions stay as they are until [#follow].
    ///
    /// @throws IOException when a socket cannot be opened; the message is fit for the operator
    void prepare(Map<Neighbor, BfdTerms> wanted) throws IOException {
        Map<Neighbor.Id, Running> next = new LinkedHashMap<>();
        List<BfdDriver> opened = new ArrayList<>();
        try {
            for (Map.Entry<Neighbor, BfdTerms> entry : wanted.entrySet()) {
                Neighbor neighbor = entry.getKey();
                BfdTerms terms = entry.getValue();
                Running running = sessions.get(neighbor.id());
                Running ready = prepared.get(neighbor.id());
                if (running != null && isSame(running, neighbor, terms)) {
                    continue;
                }
                if (ready == null || !isSame(ready, neighbor, terms)) {
                    listen(neighbor);
                    ready = new Running(open(neighbor, terms), terms, false);
                    opened.add(ready.driver());
                }
                next.put(neighbor.id(), ready);
            }
        } catch (IOException e) {
            opened.forEach(BfdDriver::abandon);
            throw e;
        }
        abandonPrepared(next.values());
        prepared = next;
    }

    private void abandonPrepared(Collection<Running> kept) {
        prepared.values().stream()
                .filter(one -> !kept.contains(one))
                .forEach(one -> one.driver().abandon());
    }

    /// Starts the sessions that are wanted, changes the parameters of running ones, and stops the
    /// others on purpose. Prepared sessions that are not wanted are given up unheard.
    ///
    /// @param wanted neighbors whose sockets are open
    void follow(Map<Neighbor, BfdTerms> wanted) {
        Map<Neighbor.Id, Running> next = new LinkedHashMap<>();
        wanted.forEach((neighbor, terms) -> {
            Running running = sessions.get(neighbor.id());
            Running ready = prepared.get(neighbor.id());
            if (running != null && isSame(running, neighbor, terms)) {
                next.put(neighbor.id(), running);
            } else if (ready != null && isSame(ready, neighbor, terms)) {
                next.put(neighbor.id(), ready);
            }
        });
        sessions.values().stream().filter(one -> !next.containsValue(one)).forEach(this::end);
        abandonPrepared(next.values());
        prepared = Map.of();
        wanted.forEach((neighbor, terms) ->
                next.computeIfPresent(neighbor.id(), (_, one) -> following(one, terms)));
        sessions = Collections.unmodifiableMap(next);
    }

    /// Returns a session that runs with these parameters.
    private Running following(Running session, BfdTerms terms) {
        BfdDriver driver = session.driver();
        if (!session.started()) {
            Neighbor neighbor = driver.neighbor();
            bySource.put(Source.of(neighbor.address(), neighbor.device()), driver);
            driver.start();
        }
        if (!session.terms().equals(terms)) {
            driver.change(terms);
        }
        return new Running(driver, terms, true);
    }

    /// Returns whether a running session needs no other socket and no other seal.
    private static boolean isSame(Running running, Neighbor neighbor, BfdTerms terms) {
        return Objects.equals(neighbor.source(), running.driver().neighbor().source())
                && Objects.equals(terms.authentication(), running.terms().authentication());
    }

    private void end(Running running) {
        bySource.values().remove(running.driver());
        running.driver().end(GOODBYE_MILLIS);
    }

    /// Returns a session that is not started. Its discriminator must not be predictable.
    private BfdDriver open(Neighbor neighbor, BfdTerms terms) throws IOException {
        SecureRandom random = new SecureRandom();
        int discriminator = 0;
        while (!discriminators.add(discriminator)) {
            discriminator = random.nextInt();
        }
        BfdAuthentication how = terms.authentication();
        return new BfdDriver(
                BfdDriver.session(discriminator, terms),
                neighbor,
                datagrams.loop(),
                datagrams.open(
                        new InetSocketAddress(neighbor.address(), remotePort),
                        new LocalEnd(neighbor.source(), neighbor.device())),
                how == null ? null : new BfdSeal(how, random.nextInt()),
                observer,
                down);
    }

    private void listen(Neighbor neighbor) throws IOException {
        int length = neighbor.address().getAddress().length;
        String device = neighbor.device();
        if (!listening.contains(new Listening(length, device))) {
            InetAddress any = Addresses.of(new byte[length]);
            datagrams.listen(
                    local == null ? new InetSocketAddress(any, Datagrams.PORT) : local,
                    device,
                    (source, octets) -> received(source, device, octets));
            listening.add(new Listening(length, device));
        }
    }

    /// Returns the BFD status of a neighbor, or null when it has no BFD session.
    public @Nullable BfdStatus status(Neighbor neighbor) {
        Running running = sessions.get(neighbor.id());
        return running == null ? null : running.driver().status();
    }

    /// Stops every session on purpose and tells the neighbors; does nothing the second time. BIRD
    /// ends BGP on that too, so BGP must be closed first.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Map<Neighbor.Id, Running> last = sessions;
        var stopped =
                datagrams
                        .loop()
                        .submit(() -> last.values().forEach(running -> running.driver().stop()));
        boolean _ = stopped.awaitUninterruptibly(CLOSE_MILLIS_MAX);
        datagrams.close();
    }

    private void received(InetAddress source, @Nullable String device, byte[] octets) {
        BfdDriver driver = bySource.get(Source.of(source, device));
        if (driver != null) {
            driver.received(octets);
        }
    }
}
