package org.anycastdns.server.transfer.dynamic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.dynamic.UpdateCounters.Result;
import org.anycastdns.server.transfer.update.RepeatedUpdates;
import org.anycastdns.server.transfer.update.UpdateResult;
import org.anycastdns.server.transfer.update.UpdateRule;
import org.anycastdns.server.transfer.update.ZoneContent;
import org.anycastdns.server.transfer.update.ZoneUpdates;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
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

    /// Events that become durable together. A client waits for those before it.
    private static final int BATCH_MAX = 250;

    /// How soon the disk is tried again after it failed.
    private static final long RETRY_MILLIS = 1_000;

    private static final long CLOSE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(DynamicZones.class);

    private final Map<Name, DynamicZone> zones = new TreeMap<>();
    private final UpdateCounters counters = new UpdateCounters();
    private final UpdateLog log = new UpdateLog();
    private final UpdateDoor door = new UpdateDoor(this, counters, log);
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final WaitingPlaces places;
    private final Thread thread = LongLived.restarted("update", this::loop);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;

    // Owned by the thread.
    private final RepeatedUpdates repeats = new RepeatedUpdates();
    private final List<Answer> answers = new ArrayList<>();
    private final StoredChanges changes = new StoredChanges(log);
    private final ServedVersions versions;
    private final FileVersions files;

    /// A response that waits until the changes before it are durable.
    private record Answer(
            WaitingUpdate update, int rcode, @Nullable ExtendedError extended, Result result) {}

    /// Creates the zones without data.
    ///
    /// @param settings how each zone is updated
    /// @param images makes what is served
    /// @param deliver takes what is to be served; any thread may call it
    /// @param follow is told of changes that are in service; it must return at once
    public DynamicZones(
            Map<Name, ZoneUpdates> settings,
            Supplier<ImageFactory> images,
            Consumer<Delivery> deliver,
            BiConsumer<Name, List<IxfrStep>> follow) {
        settings.forEach((name, updates) -> zones.put(name, new DynamicZone(name, updates)));
        this.places =
                new WaitingPlaces(
                        settings.values().stream()
                                .flatMap(each -> each.policy().rules().stream())
                                .map(UpdateRule::key)
                                .toList());
        this.versions = new ServedVersions(images, deliver, follow, log, inbox::add);
        this.files = new FileVersions(changes, versions, log);
    }

    /// Returns what answers UPDATE.
    public ControlDoor door() {
        return door;
    }

    /// Returns what happened so far.
    public UpdateCounters counters() {
        return counters;
    }

    /// Returns how many zones are frozen.
    public int frozen() {
        return (int) zones.values().stream().filter(zone -> zone.isFrozen).count();
    }

    @Nullable DynamicZone find(Name name) {
        return zones.get(name);
    }

    // Start and end.

    /// Delivers the zones that are stored.
    ///
    /// @param opened keeps the zones; it stays open until {@link #close} has returned
    public void restore(ZoneStore opened) {
        changes.open(opened);
        for (StoredZone stored : opened.zones()) {
            DynamicZone zone = zones.get(stored.name());
            if (zone != null) {
                versions.restore(opened, zone, stored.soa());
            }
        }
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
        versions.close();
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
                changes.isUnsynced()
                        ? inbox.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                        : inbox.take();
        for (int i = 1; event != null; i++) {
            LongLived.contain("update", event);
            event = i < BATCH_MAX ? inbox.poll() : null;
        }
        commit();
    }

    /// Makes changes durable, then answers and serves them. While the disk fails, nothing that
    /// depends on it gets NOERROR or is served.
    private void commit() {
        boolean durable = changes.sync();
        for (Answer each : answers) {
            LongLived.contain("update", () -> answer(each, durable));
        }
        answers.clear();
        if (durable) {
            changes.serve(this::serve);
        }
    }

    /// Serves the present version of a zone. A fault is that of the zone alone.
    private boolean serve(DynamicZone zone) {
        try {
            return versions.serve(zone);
        } catch (RuntimeException fault) {
            log.unserved(zone.name, fault);
            return true;
        }
    }

    private void answer(Answer each, boolean durable) {
        WaitingUpdate update = each.update();
        boolean isLost = each.rcode() == Rcode.NOERROR && !durable;
        int rcode = isLost ? Rcode.SERVFAIL : each.rcode();
        if (rcode == Rcode.SERVFAIL) {
            repeats.forget(update.key(), update.mac());
        } else {
            repeats.answered(update.key(), update.mac(), rcode);
        }
        counters.count(isLost ? Result.FAILED : each.result());
        update.answer(rcode, isLost ? ExtendedError.OTHER_STORE : each.extended());
    }

    // Updates.

    /// Adds an update to the queue.
    ///
    /// @return false if too many wait
    boolean add(WaitingUpdate update) {
        if (!places.take(update.key())) {
            return false;
        }
        inbox.add(() -> {
            places.giveBack(update.key());
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
        switch (repeats.arrived(update.key(), update.mac(), now)) {
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
            files.begin(zone, zone.first);
        }
        ZoneContent content = zone.content;
        if (content == null) {
            answers.add(new Answer(update, Rcode.SERVFAIL, ExtendedError.NOT_READY, Result.FAILED));
            return;
        }
        if (zone.isFrozen) {
            reject(update, Rcode.REFUSED, "the zone is frozen", ExtendedError.FROZEN);
            return;
        }
        long now = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        switch (zone.updates.decide(content, update.request(), update.key(), now)) {
            case UpdateResult.Rejected(int rcode, String reason) ->
                    reject(
                            update,
                            rcode,
                            reason,
                            rcode == Rcode.REFUSED ? ExtendedError.PROHIBITED_CHANGE : null);
            case UpdateResult.Unchanged _ ->
                    answers.add(new Answer(update, Rcode.NOERROR, null, Result.UNCHANGED));
            case UpdateResult.Changed(IxfrStep step) -> {
                try {
                    changes.change(zone, content, step);
                    answers.add(new Answer(update, Rcode.NOERROR, null, Result.CHANGED));
                } catch (IOException e) {
                    failed(update, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void reject(
            WaitingUpdate update, int rcode, String reason, @Nullable ExtendedError extended) {
        log.rejected(update.zone().name, update.control().client(), update.key(), rcode, reason);
        answers.add(new Answer(update, rcode, extended, Result.of(rcode)));
    }

    private void failed(WaitingUpdate update, String reason) {
        log.trouble(update.zone().name, reason);
        answers.add(new Answer(update, Rcode.SERVFAIL, ExtendedError.OTHER_STORE, Result.FAILED));
    }

    // Files.

    @Override
    public boolean wants(Name zone) {
        return zones.containsKey(zone);
    }

    @Override
    public boolean followsChanges(Name zone) {
        return wants(zone);
    }

    @Override
    public void loaded(Name name, Records records) {
        DynamicZone zone = zones.get(name);
        // Later versions in service are those that were delivered.
        if (zone != null && !zone.isTaken && !zone.isBroken) {
            zone.isTaken = true;
            inbox.add(() -> files.begin(zone, records));
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
        inbox.add(() -> files.offered(zone, OfferedFile.of(file, records)));
        return true;
    }

    @Override
    public void refused(Name name, Problem problem) {
        DynamicZone zone = zones.get(name);
        if (zone != null) {
            inbox.add(() -> files.refused(zone, problem));
        }
    }

    /// Refuses updates of a zone from now on, so that the operator can edit its file.
    ///
    /// @return what becomes of it; null if UPDATE does not change the zone
    public @Nullable CompletableFuture<FreezeResult> freeze(Name zone) {
        return ask(zone, files::freeze);
    }

    /// Takes updates of a frozen zone again. The file that was loaded last replaces the zone if it
    /// has changed; the caller makes sure that it is loaded.
    ///
    /// @return what becomes of it; null if UPDATE does not change the zone
    public @Nullable CompletableFuture<FreezeResult> thaw(Name zone) {
        return ask(zone, files::thaw);
    }

    private @Nullable CompletableFuture<FreezeResult> ask(
            Name name, Function<DynamicZone, FreezeResult> what) {
        DynamicZone zone = zones.get(name);
        if (zone == null) {
            return null;
        }
        CompletableFuture<FreezeResult> result = new CompletableFuture<>();
        inbox.add(() -> {
            try {
                boolean _ = result.complete(what.apply(zone));
            } catch (RuntimeException fault) {
                boolean _ = result.completeExceptionally(fault);
                throw fault;
            }
        });
        return result;
    }
}
