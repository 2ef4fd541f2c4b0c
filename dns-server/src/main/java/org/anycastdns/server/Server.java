package org.anycastdns.server;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.anycastdns.daemon.AotCache;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Signals;
import org.anycastdns.daemon.admin.AdminServer;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.CookieSecret;
import org.anycastdns.server.net.Engine;
import org.anycastdns.server.net.Listeners;
import org.anycastdns.server.net.TcpLimits;
import org.anycastdns.server.net.WarmUp;
import org.anycastdns.server.ops.ResponderAdmin;
import org.anycastdns.server.ops.Traffic;
import org.anycastdns.server.ops.Vitals;
import org.anycastdns.server.reload.ContentWatch;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.CookieSecrets.Secret;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.serve.WorkerCounters;
import org.anycastdns.server.tls.TlsFileException;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running responder: creates the components, connects them, and starts and stops them in
/// order.
///
/// ```
///   admin server (loading) -> zones -> sockets -> warm-up, check of an image -> ready
///   ... SIGTERM -> lifeline ends -> sockets close
/// ```
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Config config;
    private final boolean strictZones;
    private final Identity identity;
    private final ServedZones served = new ServedZones();
    private final CounterSlots slots =
            new CounterSlots(
                    WorkerCounters.SLOT_OTHER + 1, WorkerCounters.SLOTS, WorkerCounters.SLOT_OTHER);
    private final Vitals vitals;
    private final ContentWatch contents;
    private final TsigKeys keys;
    private final PrimaryService primary;
    private final Reloader reloader;
    private final FutureTask<Engine> engine = new FutureTask<>(this::engine);
    private final FutureTask<List<Problem>> verification;
    private final CountDownLatch serving = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopOnSignal, "stop");
    private volatile @Nullable ResponderAdmin admin;
    private volatile @Nullable Listeners listeners;
    private volatile @Nullable AddressWatch addresses;
    private volatile @Nullable TlsService tls;
    private volatile @Nullable StateZones state;
    private int refusal = Main.WRONG;

    /// Creates a server that has not started.
    ///
    /// @param exposed what the configuration exposes to others, in sentences
    Server(Config config, boolean strictZones, List<String> exposed) {
        this.config = config;
        this.strictZones = strictZones;
        String version = config.version();
        this.identity =
                new Identity(config.identity(), version.equals(Config.HIDDEN) ? "" : version);
        this.vitals = new Vitals(identity, Main.software(), Clock.systemUTC());
        this.contents = new ContentWatch(vitals::content);
        this.keys = config.tsigKeys();
        this.primary =
                new PrimaryService(
                        config,
                        keys,
                        this::secondsLeft,
                        this::notified,
                        this::images,
                        this::deliver);
        this.vitals.primary(primary::status);
        this.vitals.changes(primary::changes);
        this.reloader =
                new Reloader(
                        config.zones().folder(),
                        slots,
                        ReadOptions.of(config),
                        Clock.systemUTC(),
                        served::isRead,
                        status -> {
                            served.swap(status.set());
                            vitals.zones(status);
                            contents.served(status);
                            if (status.availableCount() > 0) {
                                serving.countDown();
                            }
                            if (listeners != null) {
                                var _ = useLargePages(status.set());
                            }
                        },
                        primary.receiver());
        this.vitals.freezes(
                (zone, frozen) -> primary.freeze(zone, frozen, () -> reloader.reload(false)));
        this.vitals.reload(reloader::health);
        this.vitals.warnings(exposed);
        exposed.forEach(warning -> LOG.warn("{}", warning));
        this.verification = new FutureTask<>(reloader::verify);
    }

    /// Runs until a signal ends the process.
    ///
    /// @return the exit code if the responder could not start
    int run() throws InterruptedException {
        long startNanos = System.nanoTime();
        LongLived.guardProcess(() -> Runtime.getRuntime().halt(LongLived.EXIT_CODE));
        Runtime.getRuntime().addShutdownHook(hook);
        Signals.handle(this::reloadOnSignal);
        if (!started()) {
            // If a signal came meanwhile, the hook ends the process.
            if (stopping.getCount() > 0) {
                Runtime.getRuntime().removeShutdownHook(hook);
                close();
            }
            return refusal;
        }
        if (serving.getCount() > 0) {
            LOG.warn("no zone is served yet; 'ready' is printed when the first one is");
            serving.await();
        }
        System.out.println(readyLine((System.nanoTime() - startNanos) / 1_000_000));
        System.out.flush();
        new CountDownLatch(1).await();
        return Main.OK;
    }

    private boolean started() throws InterruptedException {
        try {
            return start();
        } catch (RuntimeException | Error fault) {
            refusal = Main.FAILED;
            LOG.error("internal error while starting; please report this", fault);
            return false;
        }
    }

    private boolean start() throws InterruptedException {
        LOG.info("{} as {}, {}", Main.software(), identity.name(), Runtime.version());
        AotCache.warnWhenUnused();
        // Linking the system calls and loading the zones both take long, so they run in parallel.
        Thread.ofPlatform().daemon().name("engine").start(engine);
        try {
            admin = new ResponderAdmin(adminSettings(), vitals, slots, reloader::reload);
        } catch (IOException e) {
            return unavailable(
                    "cannot listen on %s (admin, tcp): %s"
                            .formatted(text(config.admin()), e.getMessage()));
        }
        TlsService secured;
        try {
            secured = new TlsService(config);
        } catch (TlsFileException e) {
            return refuse("tls: " + e.getMessage());
        }
        tls = secured;
        return openState(secured) && loadZones() && listen(secured);
    }

    private AdminServer.Settings adminSettings() {
        String tokenFile = config.adminTokenFile();
        return new AdminServer.Settings(
                ResponderAdmin.PROGRAM,
                config.admin(),
                config.adminNames(),
                tokenFile.equals(Config.AUTO) ? null : Path.of(tokenFile));
    }

    private NotifyReceiver.Verdict notified(
            Name zone, InetAddress sender, @Nullable Name key, OptionalInt serial) {
        StateZones zones = state;
        return zones == null
                ? NotifyReceiver.Verdict.NOT_AUTHORITATIVE
                : zones.notified(zone, sender, key, serial);
    }

    private OptionalLong secondsLeft(Name zone) {
        StateZones zones = state;
        return Secondaries.secondsLeft(zones == null ? null : zones.secondary(), zone);
    }

    private ImageFactory images() {
        return reloader.images();
    }

    private void deliver(Delivery delivery) {
        reloader.deliver(delivery);
    }

    /// Opens the state folder, and hands on the zones in it.
    private boolean openState(TlsService secured) throws InterruptedException {
        try {
            primary.forward(config, secured.remotes());
            state = StateZones.open(config, primary, secured.remotes(), reloader, vitals);
            return true;
        } catch (IOException e) {
            return unavailable(
                    "the state folder %s cannot be used: %s"
                            .formatted(config.state(), e.getMessage()));
        }
    }

    /// Loads the zones. A bad zone does not affect the others, which are served, unless the
    /// operator requires that all zones are good.
    private boolean loadZones() throws InterruptedException {
        List<Problem> errors =
                reloader.load(strictZones).stream().filter(Problem::isError).toList();
        if (errors.isEmpty()) {
            return true;
        }
        if (!reloader.isReadable()) {
            errors.forEach(System.err::println);
            return refuse("%s cannot be read".formatted(config.zones()));
        }
        if (strictZones) {
            errors.forEach(System.err::println);
            return refuse(
                    "%s is not served because of %d errors; without --strict-zones the good zones would be"
                            .formatted(config.zones(), errors.size()));
        }
        LOG.error("errors: {}; bad zones answer SERVFAIL, the others are served", errors.size());
        return true;
    }

    /// Waits for the check of the zones that are already served.
    private boolean verified() throws InterruptedException {
        try {
            List<Problem> faults = verification.get();
            faults.forEach(System.err::println);
            return faults.isEmpty()
                    || refuse(
                            "%s is damaged and cannot be served"
                                    .formatted(config.zones().folder()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("the check of the image failed", e.getCause());
        }
    }

    private boolean listen(TlsService secured) throws InterruptedException {
        TcpLimits limits =
                new TcpLimits(
                        config.tcp().connectionsMax(),
                        config.tcp().connectionsPerClientMax(),
                        config.tcp().idleTimeout());
        CookieSecrets secrets = secrets(config.cookies());
        Engine best;
        Listeners opened;
        try {
            best = engine.get();
            opened =
                    Listeners.open(
                            best,
                            config.listen(),
                            config.threads(),
                            config.strictListen(),
                            limits,
                            secured.listening(),
                            () -> new Responder(served, identity, secrets, keys, primary.door()));
        } catch (SocketException e) {
            return unavailable(String.valueOf(e.getMessage()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SocketException missing) {
                return unavailable(String.valueOf(missing.getMessage()));
            }
            throw new IllegalStateException(e);
        }
        listeners = opened;
        secured.start();
        vitals.tls(() -> secured.status(opened));
        AddressWatch watch = new AddressWatch(opened::absent);
        addresses = watch;
        watch.start();
        primary.start();
        StateZones zones = state;
        if (zones != null) {
            zones.start();
        }
        LOG.info("{} MiB of zones on large pages", useLargePages(served.current()) >> 20);
        Thread _ = Thread.ofPlatform().daemon().name("verify").start(verification);
        // The sockets already answer, but before 'ready' nobody relies on every response: a pause
        // is fine.
        reloader.giveBackHeap();
        warmUp(best, secrets);
        if (!verified()) {
            return false;
        }
        // Before `serving`, because it pauses all threads briefly, and traffic starts once the
        // state is ready.
        reloader.start(config.reload().watch() ? config.reload().interval() : null);
        contents.start();
        vitals.serving(
                new Traffic(
                        opened.engine(),
                        config.threads(),
                        opened.bound().stream().map(Server::text).toList(),
                        watch::absent,
                        opened::counters,
                        opened::tcpConnections,
                        opened::tcpNetworks,
                        () -> ListenerCounts.tcpClients(opened),
                        () -> ListenerCounts.counters(opened),
                        () -> ListenerCounts.tcpClosed(opened),
                        opened.loops()));
        return true;
    }

    /// Warms up the JIT compiler. Queries are already answered; the announcer waits until this
    /// ends.
    private void warmUp(Engine best, CookieSecrets secrets) {
        if (config.warmUp().isPositive()) {
            WarmUpZones zones = WarmUpZones.read(served.current());
            List<Supplier<Responder>> responders = new ArrayList<>();
            responders.add(() -> new Responder(zones.zones(), identity, secrets));
            responders.add(() -> new Responder(served, identity, secrets));
            // Zones from files never change in place. What cannot happen is not compiled.
            if (!config.secondary().isEmpty()) {
                responders.add(() -> new Responder(zones.changed(), identity, secrets));
            }
            WarmUp.run(best, zones.requests(), responders, config.warmUp());
        }
    }

    /// Moves zones to large pages while they are served, so that the first answer does not wait for
    /// it.
    private long useLargePages(ZoneSet zones) {
        List<MemorySegment> memory =
                zones.memories().stream().flatMap(each -> each.large().stream()).toList();
        return engine.resultNow().useLargePages(memory);
    }

    private Engine engine() throws SocketException {
        return switch (config.udp()) {
            case AUTO -> Engine.best();
            case NETTY -> Engine.netty();
            case MMSG -> Engine.mmsg();
        };
    }

    private static CookieSecrets secrets(Config.Cookies cookies) {
        List<Secret> accepted =
                Stream.of(cookies.previous(), cookies.next())
                        .filter(CookieSecret::isSet)
                        .map(secret -> new Secret(secret.high(), secret.low()))
                        .toList();
        CookieSecret secret = cookies.secret();
        if (secret.isSet()) {
            return new CookieSecrets(new Secret(secret.high(), secret.low()), accepted);
        }
        SecureRandom random = new SecureRandom();
        return new CookieSecrets(new Secret(random.nextLong(), random.nextLong()), accepted);
    }

    private static boolean refuse(String sentence) {
        System.err.println("dns-server: " + sentence);
        return false;
    }

    /// Refuses to start because the system lacks an address, a port or a permission.
    private boolean unavailable(String sentence) {
        refusal = Main.UNAVAILABLE;
        return refuse(sentence);
    }

    private String readyLine(long milliseconds) {
        Listeners opened = Objects.requireNonNull(listeners);
        ResponderAdmin asked = Objects.requireNonNull(admin);
        var zones = served.current().zones();
        List<InetSocketAddress> secured = opened.boundForTls();
        return "ready zones=%d records=%d listen=%s%s admin=%s udp=%s threads=%d ms=%d"
                .formatted(
                        zones.stream().filter(zone -> zone.available()).count(),
                        zones.stream().mapToLong(zone -> zone.recordCount()).sum(),
                        texts(opened.bound()),
                        secured.isEmpty() ? "" : " tls=" + texts(secured),
                        text(asked.address()),
                        opened.engine(),
                        config.threads(),
                        milliseconds);
    }

    private static String texts(List<InetSocketAddress> addresses) {
        return String.join(",", addresses.stream().map(Server::text).toList());
    }

    /// Returns an address as HOST:PORT.
    static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    /// Reloads like POST /reload, and logs the result.
    private void reloadOnSignal() {
        var _ =
                reloader.reload(false)
                        .whenComplete((result, failure) -> {
                            if (failure != null) {
                                LOG.error("SIGHUP: no reload: {}", failure.getMessage());
                            } else {
                                LOG.info(
                                        "SIGHUP: reload {}: loaded {}, removed {}, problems {}",
                                        result.outcome().name().toLowerCase(Locale.ROOT),
                                        result.loaded().size(),
                                        result.removed().size(),
                                        result.problems().size());
                            }
                        });
    }

    /// Stops the server on SIGTERM or SIGINT. This is the regular way to end, so the exit code is
    /// 0.
    private void stopOnSignal() {
        stopping.countDown();
        try {
            LOG.info("stopping");
            close();
            LOG.info("stopped");
        } finally {
            Runtime.getRuntime().halt(Main.OK);
        }
    }

    /// Ends the lifeline first, so that the announcer withdraws while queries are still answered.
    private void close() {
        reloader.close();
        contents.close();
        primary.close();
        StateZones zones = state;
        if (zones != null) {
            zones.close();
        }
        vitals.drain();
        ResponderAdmin asked = admin;
        if (asked != null) {
            asked.close();
        }
        AddressWatch watch = addresses;
        if (watch != null) {
            watch.close();
        }
        Listeners opened = listeners;
        if (opened != null) {
            opened.close();
        }
        TlsService secured = tls;
        if (secured != null) {
            secured.close();
        }
    }
}
