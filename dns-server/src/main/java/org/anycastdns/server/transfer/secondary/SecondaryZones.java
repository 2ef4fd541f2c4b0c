package org.anycastdns.server.transfer.secondary;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.Moment;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.wire.Name;
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

    private final Map<Name, SecondaryZone> zones = new HashMap<>();
    private final SecondarySettings settings;
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
    private final Thread thread = LongLived.restarted("transfer", this::loop);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;

    // Owned by the thread.
    private final TreeSet<SecondaryZone> due =
            new TreeSet<>(
                    Comparator.comparingLong((SecondaryZone zone) -> zone.dueMillis)
                            .thenComparingInt(zone -> zone.number));

    /// Creates the zones; nothing is served or asked yet.
    ///
    /// @param primaries those of each zone, at least one
    /// @param store belongs to this object from now on
    /// @param deliver takes what is to be served; any thread may call it
    /// @param clock the time now; any thread may call it
    public SecondaryZones(
            Map<Name, List<Primary>> primaries,
            SecondarySettings settings,
            ZoneStore store,
            ImageFactory images,
            Consumer<Delivery> deliver,
            Supplier<Moment> clock) {
        this.settings = settings;
        this.store = store;
        this.deliver = deliver;
        this.clock = clock;
        this.client = new PrimaryClient(clock);
        this.builder = new VersionBuilder(images, store);
        this.writer = new StoreWriter(store);
        this.rounds =
                new ZoneRounds(
                        new ZoneRounds.Parts(
                                clock,
                                settings,
                                client,
                                builder,
                                writer,
                                deliver,
                                counters,
                                this::put,
                                this::schedule));
        primaries.forEach((name, of) ->
                zones.put(
                        name,
                        new SecondaryZone(
                                name,
                                zones.size(),
                                of,
                                ZoneTimers.empty(
                                        name, settings.timers(), of.size(), clock.get()))));
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
        Semaphore room =
                new Semaphore(RESTORED_PER_CORE * Runtime.getRuntime().availableProcessors());
        int permits = room.availablePermits();
        List<String> others = new ArrayList<>();
        for (StoredZone stored : store.zones()) {
            SecondaryZone zone = zones.get(stored.name());
            ZoneTimers.Saved saved = stored.timers();
            if (zone == null || saved == null) {
                if (saved != null) {
                    others.add(stored.name().toString());
                }
                continue;
            }
            ZoneTimers timers =
                    ZoneTimers.restored(
                            zone.name,
                            settings.timers(),
                            zone.primaries.size(),
                            stored.soa(),
                            saved,
                            start);
            zone.timers = timers;
            if (!timers.isExpired()) {
                room.acquire();
                builder.again(
                        zone.name,
                        stored.soa(),
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
        zones.values().forEach(this::begins);
        long held = zones.values().stream().filter(zone -> zone.held != null).count();
        LOG.info(
                "zones from primaries: {}, restored from the state folder: {}, in {} ms",
                zones.size(),
                held,
                clock.get().millis() - start.millis());
        if (!others.isEmpty()) {
            LOG.warn(
                    "the state folder has {} zones that are not in 'secondary' any more and are not served: {}",
                    others.size(),
                    String.join(", ", others.subList(0, Math.min(10, others.size()))));
        }
    }

    private void restored(SecondaryZone zone, Outcome outcome) {
        switch (outcome) {
            case Outcome.Ready ready -> {
                rounds.hold(zone, ready);
                deliver.accept(ready.served());
            }
            case Outcome.Unusable(Problem problem) -> unreadable(zone, problem);
            case Outcome.Diverged(String reason) ->
                    unreadable(zone, ZoneRounds.problem(zone, reason));
        }
    }

    private void unreadable(SecondaryZone zone, Problem problem) {
        log.unreadable(zone.name, problem);
        zone.timers =
                ZoneTimers.empty(zone.name, settings.timers(), zone.primaries.size(), clock.get());
    }

    private void begins(SecondaryZone zone) {
        if (zone.held == null) {
            boolean expired = zone.timers.isExpired();
            deliver.accept(
                    new Delivery.Unavailable(
                            zone.name,
                            expired,
                            ZoneRounds.problem(
                                    zone,
                                    expired
                                            ? "has expired while the server was down; it answers SERVFAIL until a primary sends it"
                                            : "has not arrived yet; it answers SERVFAIL until a primary sends it")));
        }
        zone.status = TransferStatus.of(zone, clock.get());
        zone.dueMillis = zone.timers.dueMillis();
        due.add(zone);
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
            if (thread.getState() == Thread.State.NEW
                    || ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                store.close();
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
        writer.sync(Long.MAX_VALUE - 1);
        ended.countDown();
    }

    private void turn() throws InterruptedException {
        long now = clock.get().millis();
        long next =
                Math.min(
                        writer.dueMillis(), due.isEmpty() ? Long.MAX_VALUE : due.first().dueMillis);
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
        for (int i = 0; i < EVENTS_MAX && !due.isEmpty() && due.first().dueMillis <= now; i++) {
            SecondaryZone zone = due.pollFirst();
            contain(zone, () -> rounds.tick(zone));
        }
        rounds.startWaiting();
        writer.sync(now);
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

    private void schedule(SecondaryZone zone, long dueMillis) {
        due.remove(zone);
        zone.dueMillis = dueMillis;
        due.add(zone);
    }

    // What others ask for.

    @Override
    public Verdict notified(Name name, InetAddress sender, @Nullable Name key, OptionalInt serial) {
        Verdict verdict = verdict(name, sender, key, serial);
        counters.notified(verdict.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return verdict;
    }

    private Verdict verdict(Name name, InetAddress sender, @Nullable Name key, OptionalInt serial) {
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
                                rounds.notified(zone, primary, serial);
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
                    if (zone.watchers.size() >= WATCHERS_MAX) {
                        done.completeExceptionally(
                                new IllegalStateException("too many commands wait for this zone"));
                        return;
                    }
                    zone.watchers.add(done);
                    rounds.refresh(zone, whole);
                });
        return done;
    }

    /// Returns the status of a zone, or null if no such zone comes from primaries.
    public @Nullable TransferStatus status(Name name) {
        SecondaryZone zone = zones.get(name);
        return zone == null ? null : zone.status;
    }

    /// Returns the status of all zones.
    public List<TransferStatus> all() {
        return zones.values().stream().map(zone -> zone.status).toList();
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
