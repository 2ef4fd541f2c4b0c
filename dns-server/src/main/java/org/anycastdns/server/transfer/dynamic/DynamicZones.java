package org.anycastdns.server.transfer.dynamic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.LoaderPool;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.dynamic.UpdateCounters.Result;
import org.anycastdns.server.transfer.out.ZoneDifference;
import org.anycastdns.server.transfer.update.RepeatedUpdates;
import org.anycastdns.server.transfer.update.UpdateResult;
import org.anycastdns.server.transfer.update.ZoneContent;
import org.anycastdns.server.transfer.update.ZoneUpdates;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The zones that clients change by UPDATE. One thread, `update`, decides, stores and answers: many
/// updates that wait become durable together, before any of them gets NOERROR (RFC 2136 section
/// 3.5). See the package for the way of an update.
///
/// {@link #restore} serves what survived a restart, and must be called first, by the thread that
/// loads the zones. {@link #start} begins to carry out updates.
public final class DynamicZones implements RecordsReceiver, AutoCloseable {

    /// Updates that may wait. Each has at most 64 KiB, and only holders of keys can send them; more
    /// than a second of work is no use to clients, which send again after three seconds.
    static final int WAITING_MAX = 1_000;

    /// Events that become durable together. A client waits for those before it.
    private static final int BATCH_MAX = 250;

    /// How soon the disk is tried again after it failed.
    private static final long RETRY_MILLIS = 1_000;

    private static final long CLOSE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(DynamicZones.class);

    private final Map<Name, DynamicZone> zones = new TreeMap<>();
    private final Supplier<ImageFactory> images;
    private final Consumer<Delivery> deliver;
    private final UpdateCounters counters = new UpdateCounters();
    private final UpdateLog log = new UpdateLog();
    private final UpdateDoor door = new UpdateDoor(this, counters, log);
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LoaderPool pool = new LoaderPool("build");
    private final Thread thread = LongLived.restarted("update", this::loop);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;
    private volatile @Nullable ZoneStore store;

    // Owned by the thread.
    private final RepeatedUpdates repeats = new RepeatedUpdates();
    private final List<Answer> answers = new ArrayList<>();
    private final Set<DynamicZone> changed = new LinkedHashSet<>();
    private boolean isUnsynced;

    /// A response that waits until the changes before it are durable.
    private record Answer(
            WaitingUpdate update, int rcode, @Nullable ExtendedError extended, Result result) {}

    /// Creates the zones without data.
    ///
    /// @param settings how each zone is updated
    /// @param images makes what is served
    /// @param deliver takes what is to be served; any thread may call it
    public DynamicZones(
            Map<Name, ZoneUpdates> settings,
            Supplier<ImageFactory> images,
            Consumer<Delivery> deliver) {
        settings.forEach((name, updates) -> zones.put(name, new DynamicZone(name, updates)));
        this.images = images;
        this.deliver = deliver;
    }

    /// Returns what answers UPDATE.
    public ControlDoor door() {
        return door;
    }

    /// Returns what happened so far.
    public UpdateCounters counters() {
        return counters;
    }

    @Nullable DynamicZone find(Name name) {
        return zones.get(name);
    }

    // Start and end.

    /// Delivers the zones that are stored.
    ///
    /// @param opened keeps the zones; it stays open until {@link #close} has returned
    public void restore(ZoneStore opened) {
        store = opened;
        for (StoredZone stored : opened.zones()) {
            DynamicZone zone = zones.get(stored.name());
            if (zone != null) {
                restore(opened, zone, stored.soa());
            }
        }
    }

    private void restore(ZoneStore opened, DynamicZone zone, SoaRecord soa) {
        try {
            Records records = opened.records(zone.name);
            zone.content = new ZoneContent(records, soa);
            switch (images.get().make(zone.name, origin(zone), records, pool)) {
                case ImageFactory.Made.Good(Delivery.Served served, _) -> {
                    zone.isTaken = true;
                    zone.isRestored = true;
                    deliver.accept(new Delivery.Changed(served));
                }
                case ImageFactory.Made.Bad bad -> broken(zone, bad.first().toString());
            }
        } catch (IOException e) {
            // The store has left a damaged zone out, and says so; the file counts again.
            LOG.warn("zone {} begins with its file again: {}", zone.name, e.getMessage());
        }
    }

    private static void broken(DynamicZone zone, String reason) {
        zone.isBroken = true;
        zone.content = null;
        LOG.error(
                "zone {}: the version in the state folder cannot be served ({}): the file is served"
                        + " and updates get SERVFAIL; mend what it names, or delete the folder to"
                        + " begin with the file",
                zone.name,
                reason);
    }

    /// Returns what problems with the content of a changed zone show in place of a file.
    private static String origin(DynamicZone zone) {
        return "zone " + zone.name;
    }

    /// Begins to carry out updates.
    public void start() {
        thread.start();
    }

    /// Stops. Updates that wait get no response; their clients send them again.
    @Override
    public void close() {
        closing = true;
        inbox.add(() -> {});
        try {
            if (thread.getState() != Thread.State.NEW
                    && !ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the thread update has not ended within {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }

    // The thread.

    private void loop() {
        try {
            while (!closing) {
                turn();
            }
        } catch (InterruptedException _) {
            // ends as if it were closed
        }
        ended.countDown();
    }

    private void turn() throws InterruptedException {
        Runnable event =
                isUnsynced ? inbox.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS) : inbox.take();
        for (int i = 1; event != null; i++) {
            LongLived.contain("update", event);
            event = i < BATCH_MAX ? inbox.poll() : null;
        }
        commit();
    }

    /// Makes changes durable, then answers and serves them. While the disk fails, nothing that
    /// depends on it gets NOERROR or is served.
    private void commit() {
        boolean durable = sync();
        for (Answer each : answers) {
            LongLived.contain("update", () -> answer(each, durable));
        }
        answers.clear();
        if (durable) {
            changed.removeIf(this::build);
        }
    }

    private boolean sync() {
        if (!isUnsynced) {
            return true;
        }
        try {
            Objects.requireNonNull(store).sync();
            isUnsynced = false;
            return true;
        } catch (IOException | RuntimeException e) {
            log.unsynced(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void answer(Answer each, boolean durable) {
        WaitingUpdate update = each.update();
        boolean isLost = each.rcode() == Rcode.NOERROR && !durable;
        int rcode = isLost ? Rcode.SERVFAIL : each.rcode();
        if (rcode == Rcode.SERVFAIL) {
            repeats.forget(update.key(), update.message().id(), update.mac());
        } else {
            repeats.answered(update.key(), update.message().id(), update.mac(), rcode);
        }
        counters.count(isLost ? Result.FAILED : each.result());
        update.answer(rcode, isLost ? ExtendedError.OTHER_STORE : each.extended());
    }

    // Updates.

    /// Adds an update to the queue.
    ///
    /// @return false if the queue is full
    boolean add(WaitingUpdate update) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return false;
        }
        inbox.add(() -> {
            waiting.decrementAndGet();
            try {
                on(update);
            } catch (RuntimeException fault) {
                failed(update, "internal error (%s); please report this".formatted(fault));
                throw fault;
            }
        });
        return true;
    }

    private void on(WaitingUpdate update) {
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        int id = update.message().id();
        switch (repeats.arrived(update.key(), id, update.mac(), now)) {
            case RepeatedUpdates.Arrival.First _ -> carryOut(update);
            case RepeatedUpdates.Arrival.Unanswered _ -> {
                counters.count(Result.REPEATED);
                update.ignore();
            }
            case RepeatedUpdates.Arrival.Answered(int rcode) -> {
                counters.count(Result.REPEATED);
                update.answer(rcode, null);
            }
        }
    }

    private void carryOut(WaitingUpdate update) {
        DynamicZone zone = update.zone();
        if (zone.content == null && zone.first != null) {
            begin(zone, zone.first);
        }
        ZoneContent content = zone.content;
        if (content == null) {
            answers.add(new Answer(update, Rcode.SERVFAIL, ExtendedError.NOT_READY, Result.FAILED));
            return;
        }
        long now = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        switch (zone.updates.decide(content, update.request(), update.key(), now)) {
            case UpdateResult.Rejected(int rcode, String reason) -> {
                log.rejected(zone.name, update.control().client(), update.key(), rcode, reason);
                boolean refused = rcode == Rcode.REFUSED;
                ExtendedError why = refused ? ExtendedError.PROHIBITED_CHANGE : null;
                answers.add(new Answer(update, rcode, why, Result.of(rcode)));
            }
            case UpdateResult.Unchanged _ ->
                    answers.add(new Answer(update, Rcode.NOERROR, null, Result.UNCHANGED));
            case UpdateResult.Changed(IxfrStep step) -> {
                try {
                    change(zone, content, step);
                    answers.add(new Answer(update, Rcode.NOERROR, null, Result.CHANGED));
                } catch (IOException e) {
                    failed(update, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void failed(WaitingUpdate update, String reason) {
        log.trouble(update.zone().name, reason);
        answers.add(new Answer(update, Rcode.SERVFAIL, ExtendedError.OTHER_STORE, Result.FAILED));
    }

    private void change(DynamicZone zone, ZoneContent content, IxfrStep step) throws IOException {
        Objects.requireNonNull(store).change(zone.name, List.of(step), null);
        isUnsynced = true;
        content.apply(step);
        zone.messages++;
        zone.deletes += step.deletes().size();
        zone.adds += step.adds().size();
        changed.add(zone);
    }

    // What is served.

    /// Begins to build the present version of a zone, unless an older one is being built.
    private boolean build(DynamicZone zone) {
        if (zone.isBuilding) {
            return false;
        }
        ZoneContent content = Objects.requireNonNull(zone.content);
        Records records = content.records();
        if (zone.messages > 0) {
            LOG.info(
                    "zone {} changed to serial {}: updates={} deleted={} added={}",
                    zone.name,
                    Integer.toUnsignedString(content.soa().serial()),
                    zone.messages,
                    zone.deletes,
                    zone.adds);
        }
        zone.messages = 0;
        zone.deletes = 0;
        zone.adds = 0;
        zone.isBuilding = true;
        pool.execute(() -> {
            ImageFactory.Made made = images.get().make(zone.name, origin(zone), records, pool);
            inbox.add(() -> built(zone, made));
        });
        return true;
    }

    private void built(DynamicZone zone, ImageFactory.Made made) {
        zone.isBuilding = false;
        switch (made) {
            case ImageFactory.Made.Good(Delivery.Served served, _) -> {
                deliver.accept(new Delivery.Changed(served));
                Problem warning = zone.warning;
                if (warning != null) {
                    deliver.accept(new Delivery.Warned(zone.name, warning));
                }
            }
            case ImageFactory.Made.Bad bad -> {
                LOG.error(
                        "zone {}: its changes are stored but not served: {}",
                        zone.name,
                        bad.first());
                deliver.accept(new Delivery.Warned(zone.name, bad.first()));
            }
        }
    }

    // Files.

    @Override
    public boolean wants(Name zone) {
        return zones.containsKey(zone);
    }

    @Override
    public void loaded(Name name, Records records) {
        DynamicZone zone = zones.get(name);
        // Later versions in service are those that were delivered.
        if (zone != null && !zone.isTaken && !zone.isBroken) {
            zone.isTaken = true;
            inbox.add(() -> begin(zone, records));
        }
    }

    @Override
    public void removed(Name zone) {
        // The stored version stays in service without its file.
    }

    @Override
    public boolean takesOver(Name name, Path file, Records records) {
        DynamicZone zone = zones.get(name);
        if (zone == null || !zone.isTaken) {
            return false;
        }
        inbox.add(() -> offered(zone, file, records));
        return true;
    }

    /// Stores what the zone begins with: a version of the file.
    private void begin(DynamicZone zone, Records records) {
        SoaRecord soa = soa(records);
        zone.first = records;
        try {
            Objects.requireNonNull(store).replace(zone.name, soa, records, null);
            isUnsynced = true;
            zone.content = new ZoneContent(records, soa);
            zone.first = null;
            // Once more, as a delivery: from now on the zone stays without its file.
            changed.add(zone);
        } catch (IOException e) {
            log.trouble(zone.name, String.valueOf(e.getMessage()));
        }
    }

    private static SoaRecord soa(Records records) {
        return new SoaRecord(records.record(records.all(RecordType.SOA)[0]));
    }

    /// Decides about a new version of the file: it replaces the zone only if its serial is newer.
    private void offered(DynamicZone zone, Path file, Records records) {
        boolean isFirstLook = zone.isRestored;
        zone.isRestored = false;
        ZoneContent content = zone.content;
        if (content == null) {
            begin(zone, records);
            return;
        }
        SoaRecord soa = soa(records);
        int held = content.soa().serial();
        if (SerialOrder.of(soa.serial(), held) == SerialOrder.NEWER) {
            try {
                zone.warning = null;
                change(
                        zone,
                        content,
                        ZoneDifference.between(content.soa(), content.records(), soa, records));
            } catch (IOException e) {
                log.trouble(zone.name, String.valueOf(e.getMessage()));
            }
            return;
        }
        String text =
                "is not served: its serial %s is not newer than %s of the zone, which was changed by UPDATE; write the zone back with 'dns-server zone export %s', edit that and raise its serial"
                        .formatted(
                                Integer.toUnsignedString(soa.serial()),
                                Integer.toUnsignedString(held),
                                zone.name);
        Problem problem = new Problem(file.toString(), 1, 1, Problem.Severity.WARNING, text);
        if (isFirstLook) {
            LOG.info("{}", problem);
            return;
        }
        zone.warning = problem;
        deliver.accept(new Delivery.Warned(zone.name, problem));
    }
}
