package org.anycastdns.server.transfer.secondary;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.store.AppendedFile;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.catalog.CatalogStatus;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.transfer.secondary.SecondaryZone.Kind;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The zones of a server that come from primaries. See the package for how its threads work
/// together.
///
/// {@link #restore} serves what survived a restart, and must be called first, by the thread that
/// loads the zones. {@link #start} begins to ask.
public final class SecondaryZones implements NotifyReceiver, AutoCloseable {

    /// The longest sleep: a bound for what a jump of the clock can cost.
    private static final long SLEEP_MILLIS = 60_000;

    /// Events between two looks at the time.
    private static final int EVENTS_MAX = 1_000;

    /// Commands that may wait for one zone.
    private static final int WATCHERS_MAX = 100;

    /// Zones whose records are in memory at the same time while they are restored, for each core.
    private static final int RESTORED_PER_CORE = 2;

    private static final long CLOSE_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(SecondaryZones.class);

    private final ZoneTable zones;
    private final ZoneStore store;
    private final Consumer<Delivery> deliver;
    private final Supplier<Moment> clock;
    private final TransferCounters counters = new TransferCounters();
    private final TransferLog log = new TransferLog();
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final PrimaryClient client;
    private final VersionBuilder builder;
    private final StoreWriter writer;
    private final ZoneRounds rounds;
    private final AppendedFile saved;
    private final CatalogMembers members;
    private final Catalogs catalogs;
    private final Thread thread = LongLived.restarted("transfer", this::loop);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;

    /// Creates the zones; nothing is served or asked yet.
    ///
    /// @param primaries those of each zone, at least one
    /// @param followed the catalogs to follow; of two that list a zone the first gets it
    /// @param store belongs to this object from now on
    /// @param saved keeps which zones are members of catalogs; belongs to this object from now on
    /// @param deliver takes what is to be served; any thread may call it
    /// @param clock the time now; any thread may call it
    public SecondaryZones(
            Map<Name, List<Primary>> primaries,
            List<CatalogSource> followed,
            SecondarySettings settings,
            ZoneStore store,
            AppendedFile saved,
            ImageFactory images,
            Consumer<Delivery> deliver,
            Supplier<Moment> clock) {
        this.store = store;
        this.deliver = deliver;
        this.clock = clock;
        this.zones = new ZoneTable(settings.timers(), clock);
        this.client = new PrimaryClient(clock);
        Set<Name> lists = followed.stream().map(CatalogSource::catalog).collect(Collectors.toSet());
        this.saved = saved;
        this.writer = new StoreWriter(store, saved);
        this.builder = new VersionBuilder(images, store, writer, lists);
        this.rounds =
                new ZoneRounds(
                        new RoundParts(
                                clock,
                                settings,
                                client,
                                builder,
                                writer,
                                this::deliver,
                                this::publish,
                                counters,
                                this::put,
                                zones::schedule));
        this.members = new CatalogMembers(zones, rounds, writer, deliver, this::begins, clock);
        this.catalogs = new Catalogs(followed, primaries.keySet(), saved, writer, members, clock);
        primaries.forEach((name, of) -> zones.put(name, Kind.CONFIGURED, of));
        followed.forEach(each -> zones.put(each.catalog(), Kind.CATALOG, each.primaries()));
    }

    /// Returns a clock of this machine: the time of day, and one that only runs forward.
    public static Supplier<Moment> systemClock() {
        return () ->
                new Moment(
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
    }

    // Start and end.

    /// Builds and delivers the zones that are stored. Those that have expired meanwhile, or never
    /// arrived, are unavailable.
    public void restore() throws InterruptedException {
        Moment start = clock.get();
        catalogs.restore();
        for (StoredZone stored : store.zones()) {
            SecondaryZone zone = zones.get(stored.name());
            if (zone != null && zone.kind == Kind.CATALOG) {
                catalog(zone, stored);
            }
        }
        members.restored();
        Semaphore room =
                new Semaphore(RESTORED_PER_CORE * Runtime.getRuntime().availableProcessors());
        int permits = room.availablePermits();
        ImageMemory memory = builder.memory();
        List<String> others = new ArrayList<>();
        for (StoredZone stored : store.zones()) {
            SecondaryZone zone = zones.get(stored.name());
            ZoneTimers.Saved confirmed = stored.timers();
            if (zone == null || confirmed == null) {
                if (confirmed != null) {
                    others.add(stored.name().toString());
                }
                continue;
            }
            zones.holds(zone, stored.soa(), confirmed);
            if (zone.kind != Kind.CATALOG && !zone.timers.isExpired()) {
                room.acquire();
                builder.restore(
                        zone.name,
                        stored.soa(),
                        memory,
                        outcome -> {
                            inbox.add(() -> restored(zone, outcome));
                            room.release();
                        });
            }
        }
        room.acquire(permits);
        for (Runnable event = inbox.poll(); event != null; event = inbox.poll()) {
            event.run();
        }
        zones.all().forEach(this::begins);
        long held = zones.all().stream().filter(SecondaryZone::hasImage).count();
        if (held == 0) {
            memory.close();
        }
        LOG.info(
                "zones from primaries: {}, restored from the state folder: {}, in {} ms",
                zones.all().size(),
                held,
                clock.get().millis() - start.millis());
        if (!others.isEmpty()) {
            LOG.warn(
                    "the state folder has {} zones that are not in 'secondary' any more and are not served: {}",
                    others.size(),
                    String.join(", ", others.subList(0, Math.min(10, others.size()))));
        }
    }

    /// Follows a stored catalog, also an expired one: its members stay members.
    private void catalog(SecondaryZone zone, StoredZone stored) {
        try {
            Records records = store.records(zone.name);
            restored(zone, HeldCatalog.whole(zone.name, stored.soa(), records, store));
        } catch (IOException e) {
            unreadable(zone, zone.problem(String.valueOf(e.getMessage())));
        }
    }

    private void restored(SecondaryZone zone, Outcome outcome) {
        switch (outcome) {
            case Outcome.Usable version -> rounds.serve(zone, version);
            case Outcome.Unusable(Problem problem) -> unreadable(zone, problem);
            case Outcome.Diverged(String reason) -> unreadable(zone, zone.problem(reason));
        }
    }

    private void unreadable(SecondaryZone zone, Problem problem) {
        log.unreadable(zone.name, problem);
        zones.empties(zone);
    }

    private void begins(SecondaryZone zone) {
        if (zone.held == null) {
            boolean expired = zone.timers.isExpired();
            deliver(
                    new Delivery.Unavailable(
                            zone.name,
                            expired,
                            zone.problem(
                                    expired
                                            ? "has expired while the server was down; it answers SERVFAIL until a primary sends it"
                                            : "has not arrived yet; it answers SERVFAIL until a primary sends it")));
        }
        zone.status = TransferStatus.of(zone, clock.get());
        zones.schedule(zone, zone.timers.dueMillis());
    }

    /// Begins to ask primaries.
    public void start() {
        thread.start();
    }

    /// Stops asking, and closes the store.
    @Override
    public void close() {
        closing = true;
        inbox.add(() -> {});
        client.close();
        builder.close();
        try {
            if (thread.getState() == Thread.State.NEW) {
                writer.close();
                ended.countDown();
            }
            if (ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                store.close();
                saved.close();
            }
        } catch (IOException e) {
            LOG.error("the state folder cannot be closed: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // The thread.

    private void loop() {
        while (!closing) {
            try {
                turn();
            } catch (InterruptedException _) {
                break;
            }
        }
        writer.close();
        ended.countDown();
    }

    private void turn() throws InterruptedException {
        long now = clock.get().millis();
        long next = Math.min(writer.dueMillis(), zones.dueMillis());
        long wait = Math.clamp(next - now, 0, SLEEP_MILLIS);
        Runnable event = inbox.poll(next <= now ? 0 : wait, TimeUnit.MILLISECONDS);
        for (int i = 0; event != null && i < EVENTS_MAX; i++) {
            event.run();
            event = inbox.poll();
        }
        if (event != null) {
            event.run();
        }
        now = clock.get().millis();
        for (int i = 0; i < EVENTS_MAX && zones.dueMillis() <= now; i++) {
            SecondaryZone zone = zones.takeDue();
            contain(zone, () -> rounds.tick(zone));
        }
        rounds.startWaiting();
        writer.sync(now);
    }

    private void deliver(Delivery delivery) {
        SecondaryZone zone = zones.get(delivery.zone());
        // A catalog is followed, but not served.
        if (zone == null || zone.kind != Kind.CATALOG) {
            deliver.accept(delivery);
        }
    }

    private void publish(SecondaryZone zone, Outcome.Usable version) {
        switch (version) {
            case Outcome.Ready(HeldZone _, Delivery.Served served) -> deliver.accept(served);
            case Outcome.Listed(HeldCatalog _, HeldCatalog.News news) ->
                    catalogs.take(zone.name, news);
        }
    }

    private void put(SecondaryZone zone, Runnable event) {
        inbox.add(() -> contain(zone, event));
    }

    /// Runs an event of a zone. An internal error costs that zone a round.
    private void contain(SecondaryZone zone, Runnable event) {
        LongLived.contain(
                "transfer",
                () -> {
                    try {
                        event.run();
                    } catch (RuntimeException fault) {
                        rounds.fault(zone, fault);
                        throw fault;
                    }
                });
    }

    // What others ask for.

    @Override
    public Verdict notified(Name name, InetAddress sender, @Nullable Name key, OptionalInt serial) {
        SecondaryZone zone = zones.get(name);
        if (zone == null) {
            return Verdict.NOT_AUTHORITATIVE;
        }
        boolean known = false;
        for (int i = 0; i < zone.primaries.size(); i++) {
            int primary = i;
            if (zone.primaries.get(i).sent(sender, key)) {
                // One event for each zone at most, however many messages come.
                if (zone.isNotified.compareAndSet(false, true)) {
                    put(
                            zone,
                            () -> {
                                zone.isNotified.set(false);
                                if (!zone.isGone) {
                                    rounds.notified(zone, primary, serial);
                                }
                            });
                }
                return Verdict.TAKEN;
            }
            known |= zone.primaries.get(i).address().getAddress().equals(sender);
        }
        log.refused(
                name,
                sender,
                key,
                known ? "the sender must sign with another key" : "the sender is no primary");
        return Verdict.REFUSED;
    }

    /// Asks the primaries of a zone now.
    ///
    /// @param whole whether to transfer the whole zone, whatever its serial is
    /// @return the status when all is done; null if no such zone comes from primaries
    public @Nullable CompletableFuture<TransferStatus> refresh(Name name, boolean whole) {
        SecondaryZone zone = zones.get(name);
        if (zone == null) {
            return null;
        }
        CompletableFuture<TransferStatus> done = new CompletableFuture<>();
        put(
                zone,
                () -> {
                    if (zone.isGone) {
                        done.completeExceptionally(SecondaryZone.gone());
                    } else if (zone.watchers.size() >= WATCHERS_MAX) {
                        done.completeExceptionally(
                                new IllegalStateException("too many commands wait for this zone"));
                    } else {
                        zone.watchers.add(done);
                        rounds.refresh(zone, whole);
                    }
                });
        return done;
    }

    /// Takes the newest version of a catalog though it loses many members.
    ///
    /// @return what became of it; null if no such catalog is followed
    public @Nullable CompletableFuture<CatalogStatus> accept(Name catalog) {
        SecondaryZone zone = zones.get(catalog);
        if (zone == null || zone.kind != Kind.CATALOG) {
            return null;
        }
        CompletableFuture<CatalogStatus> done = new CompletableFuture<>();
        put(
                zone,
                () -> {
                    try {
                        done.complete(catalogs.accept(catalog));
                    } catch (RuntimeException fault) {
                        done.completeExceptionally(fault);
                        throw fault;
                    }
                });
        return done;
    }

    /// Notes of which zones there are files: catalogs do not make them members (RFC 9432 section
    /// 5.2).
    public void files(Set<Name> zones) {
        inbox.add(() -> LongLived.contain("transfer", () -> catalogs.files(zones)));
    }

    /// Returns how catalogs are followed, in the configured order.
    public List<CatalogStatus> catalogs() {
        return catalogs.status();
    }

    /// Returns the status of a zone, or null if no such zone comes from primaries.
    public @Nullable TransferStatus status(Name name) {
        SecondaryZone zone = zones.get(name);
        return zone == null ? null : zone.status;
    }

    /// Returns the status of all zones.
    public List<TransferStatus> all() {
        return zones.all().stream().map(zone -> zone.status).toList();
    }

    /// Returns what was counted.
    public TransferCounters counters() {
        return counters;
    }

    /// Returns how often the state folder could not be written.
    public long storeErrors() {
        return writer.errors();
    }

    /// Returns what is wrong with the state folder; empty if nothing is.
    public String storeTrouble() {
        return writer.trouble();
    }

    /// Makes the thread look at the clock, for tests that set it.
    void look() {
        inbox.add(() -> {});
    }
}
