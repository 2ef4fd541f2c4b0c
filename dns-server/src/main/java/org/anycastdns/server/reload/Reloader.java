package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Keeps the served zones in line with the zone folder or image.
///
/// One thread owns everything here: first the caller of {@link #load}, then the thread that {@link
/// #start} starts. It scans the folder at an interval, or when {@link #reload} asks for it. It
/// publishes the result atomically as a {@link ZonesStatus}. {@link Changes} and {@link Guard}
/// decide what to do; they do no I/O.
///
/// If a zone's file is bad, its last good version stays in service and the other zones are loaded.
/// Removals count together, because an emptied folder affects all zones. Other faults go to {@link
/// Trouble}.
public final class Reloader implements AutoCloseable {

    /// How long the first load waits for files: slightly more than for an unterminated last line.
    private static final Duration FIRST_WAIT = Settling.STILL.plusSeconds(1);

    private final Path path;
    private final Store store;
    private final ZoneMemoryReclaimer memories;
    private final Faults faults;
    private final ImageFactory images;
    private final Progress progress = new Progress();
    private final ReloadThread thread = new ReloadThread(new Work(), progress);

    // The owning thread owns all fields below.
    private final ReloadLog log = new ReloadLog();
    private final ZoneStates states;
    private final Publisher publisher;
    private final Deliveries deliveries;
    private final RecordsHandover handover;
    private final Heap heap = new Heap();
    private final Map<Name, Map<Path, Stamp>> read = new HashMap<>();
    private final Guard guard = new Guard();
    private final MovingFiles moving = new MovingFiles();
    private Map<Name, String> waiting = new TreeMap<>();
    private Set<Name> refusedMissing = new TreeSet<>();
    private FolderSnapshot before;

    /// What {@link ReloadThread} does.
    private final class Work implements ReloadThread.Work {

        @Override
        public void onTick() throws InterruptedException {
            tick();
        }

        @Override
        public ReloadResult onRequest(boolean force) throws InterruptedException {
            return request(force);
        }

        @Override
        public void onDelivery() throws InterruptedException {
            takeDeliveries();
        }

        @Override
        public long lookNanos() {
            return store.lookNanos();
        }
    }

    /// Creates a reloader that has not read anything yet.
    ///
    /// @param path a folder of zone files, or an image of zones
    /// @param isRead whether somebody may still read a published set
    /// @param published receives the zones to serve and their states after each change; called by
    ///   the owning thread
    /// @param receiver gets the records of the zones that it wants, after they are published
    public Reloader(
            Path path,
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            Predicate<ZoneSet> isRead,
            Consumer<ZonesStatus> published,
            RecordsReceiver receiver) {
        this(path, slots, rules, clock, isRead, published, receiver, Faults.NONE);
    }

    Reloader(
            Path path,
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            Predicate<ZoneSet> isRead,
            Consumer<ZonesStatus> published,
            RecordsReceiver receiver,
            Faults faults) {
        Budget limits = rules.budget();
        MemoryBudget budget = new MemoryBudget(limits.zoneMemory(), limits.allMemory());
        this.path = path;
        this.faults = faults;
        this.handover = new RecordsHandover(receiver);
        ZoneSource source = new ZoneSource(path, slots, rules, clock, receiver);
        this.store = Store.of(source, budget, faults, progress);
        this.memories = new ZoneMemoryReclaimer(isRead, budget);
        this.images = new ImageFactory(slots, rules, clock, budget, receiver);
        this.states = new ZoneStates(slots, clock, handover);
        this.deliveries = new Deliveries(states, memories, slots);
        Publisher.Audience audience = new Publisher.Audience(log, progress, published, handover);
        this.publisher = new Publisher(path, states, memories, faults, audience);
        this.before = new FolderSnapshot(true, Map.of(), Map.of(), List.of());
    }

    /// Loads all zones for the first time and publishes them; those with errors are unavailable.
    /// Waits briefly for files that are still being written.
    ///
    /// @param strict publishes nothing if there is an error
    /// @return all errors and warnings
    public List<Problem> load(boolean strict) throws InterruptedException {
        Instant start = states.now();
        var _ = deliveries.take();
        before = deliveries.others(store.first(), true);
        List<Problem> found = new ArrayList<>(before.problems());
        if (before.readable()
                && before.zones().isEmpty()
                && states.names().isEmpty()
                && !deliveries.areExpected()) {
            found.add(store.empty());
        }
        List<Name> good = new ArrayList<>();
        Map<Name, Path> left = before.zones();
        // Starts at the end of the first round, which may take long with many zones.
        long waitsSince = 0;
        while (!left.isEmpty()) {
            Map<Name, Path> again = new TreeMap<>();
            boolean isLast =
                    waitsSince != 0 && System.nanoTime() - waitsSince >= FIRST_WAIT.toNanos();
            for (Loaded loaded : load(left)) {
                if (loaded.waits() && !isLast) {
                    again.put(loaded.apex(), loaded.file());
                } else {
                    takeFirst(loaded, good, found);
                }
            }
            left = again;
            waitsSince = waitsSince == 0 ? System.nanoTime() : waitsSince;
            if (!left.isEmpty()) {
                thread.settle();
            }
        }
        guard.approve();
        List<Problem> errors = found.stream().filter(Problem::isError).toList();
        if (errors.isEmpty() || !strict) {
            Outcome outcome = errors.isEmpty() ? Outcome.OK : Outcome.FAILED;
            ReloadResult result =
                    ReloadResult.between(
                            start,
                            states.now(),
                            outcome,
                            good,
                            List.of(),
                            waiting.keySet(),
                            errors);
            publisher.publish(result, waiting, before.problems());
        }
        return found;
    }

    private void takeFirst(Loaded loaded, List<Name> good, List<Problem> found) {
        Name apex = loaded.apex();
        found.addAll(loaded.problems());
        countFault(loaded);
        Zone zone = loaded.zone();
        if (zone != null) {
            read.put(apex, loaded.inputs());
            good.add(apex);
            if (!handover.takesOver(loaded)) {
                states.served(loaded, zone);
            }
            return;
        }
        if (loaded.waits()) {
            waiting.put(apex, loaded.waiting());
            found.add(FolderSnapshot.error(loaded.file(), loaded.waiting()));
        } else {
            read.put(apex, loaded.inputs());
        }
        if (deliveries.decideAbout(apex)) {
            states.bad(loaded);
        } else {
            states.unavailable(loaded);
        }
    }

    /// Returns whether the last scan could read the folder or image.
    public boolean isReadable() {
        return before.readable();
    }

    /// Returns the health of the thread that {@link #start} started.
    public ReloadHealth health() {
        return thread.health();
    }

    /// Checks an image that {@link #load} published unchecked. Any thread may call this, before
    /// {@link #start}; the image is served in the meantime.
    ///
    /// @return why the zones must no longer be served; empty if they may be
    public List<Problem> verify() {
        return store.verify();
    }

    /// Shrinks the heap if it pays off. Called after {@link #load} by its caller, later by the
    /// thread that {@link #start} starts.
    public void giveBackHeap() {
        heap.giveBack();
    }

    /// Shrinks the heap after warm-up, while a pause does no harm, and starts the reload thread.
    ///
    /// @param interval between two scans of the folder; null scans only on request
    public void start(@Nullable Duration interval) {
        heap.collect();
        thread.start(interval);
    }

    /// Loads what has changed now, and retries what was bad or refused.
    ///
    /// @param force overrides the guard
    public CompletableFuture<ReloadResult> reload(boolean force) {
        return thread.request(force);
    }

    /// Returns what builds the images of zones for {@link #deliver}.
    public ImageFactory images() {
        return images;
    }

    /// Tells of which zones there are files, from {@link #load} on.
    public void tellFiles(Consumer<Set<Name>> wanted) {
        deliveries.tellFiles(wanted);
    }

    /// Takes news of a zone that does not come from the folder or image. Any thread may call this.
    /// What was delivered before {@link #load} is published by it.
    public void deliver(Delivery delivery) {
        deliveries.add(delivery);
        thread.wake();
    }

    /// Stops scanning; the zones stay published.
    @Override
    public void close() {
        thread.close();
    }

    private void tick() throws InterruptedException {
        var _ = memories.release();
        if (deliveries.haveEnded()) {
            heap.giveBack();
        }
        FolderSnapshot now = look();
        boolean sameProblems = now.problems().equals(before.problems());
        Changes changes = Changes.between(deliveries.filed(states.names()), read, before, now);
        before = now;
        refusedMissing.retainAll(changes.missing());
        if (!changes.load().isEmpty()
                || !refusedMissing.containsAll(changes.missing())
                || !sameProblems
                || publisher.isUnpublished()
                || !moving.waiting(waiting, changes, before.readable()).equals(waiting)) {
            var _ = take(changes, now, false, sameProblems);
        }
    }

    private ReloadResult request(boolean force) throws InterruptedException {
        for (ZoneState state : states.all()) {
            if (state.condition() != Condition.SERVED) {
                read.remove(state.apex());
            }
        }
        before = look();
        thread.settle();
        FolderSnapshot now = look();
        if (!now.zones().keySet().containsAll(before.zones().keySet())) {
            // A file that has just vanished may be being moved, so one more scan decides.
            before = now;
            thread.settle();
            now = look();
        }
        Changes changes = Changes.between(deliveries.filed(states.names()), read, before, now);
        before = now;
        if (force) {
            guard.approve();
        }
        return take(changes, now, force, false);
    }

    private void takeDeliveries() throws InterruptedException {
        if (deliveries.isNothing()) {
            return;
        }
        thread.pause(deliveries.waitNanos());
        for (Name zone : deliveries.take()) {
            if (deliveries.hide(zone)) {
                read.remove(zone);
                waiting.remove(zone);
            }
        }
        publisher.publishDelivered(waiting, before.problems());
    }

    private FolderSnapshot look() throws InterruptedException {
        return deliveries.others(store.look(inputs()), deliveries.filed(states.names()).isEmpty());
    }

    private Collection<Path> inputs() {
        Set<Path> paths = new HashSet<>();
        read.values().forEach(inputs -> paths.addAll(inputs.keySet()));
        return paths;
    }

    private List<Loaded> load(Map<Name, Path> zones) throws InterruptedException {
        List<Loaded> loaded = store.load(zones, memories.next());
        for (Loaded each : loaded) {
            Zone zone = each.zone();
            if (zone != null) {
                memories.adopt(zone.memory());
            }
        }
        return loaded.stream().filter(each -> zones.containsKey(each.apex())).toList();
    }

    /// Carries out the changes and publishes the result, unless nothing changed.
    ///
    /// @param quiet publishes nothing if every zone to load is waiting as before
    private ReloadResult take(Changes changes, FolderSnapshot now, boolean force, boolean quiet)
            throws InterruptedException {
        Instant start = states.now();
        ReloadFindings found = new ReloadFindings();
        found.add(now.problems());
        Map<Name, String> waits = moving.waiting(waiting, changes, before.readable());
        boolean tried = false;
        for (Loaded loaded : load(changes.load())) {
            if (loaded.waits()) {
                waits.put(loaded.apex(), loaded.waiting());
                continue;
            }
            tried = true;
            waits.remove(loaded.apex());
            read.put(loaded.apex(), loaded.inputs());
            takeAlone(loaded, force, found);
        }
        boolean sameMissing = refusedMissing.containsAll(changes.missing());
        boolean sameWaits = waits.equals(waiting);
        waiting = waits;
        List<Name> removed = remove(changes.missing(), force, found);
        Set<Name> notYet = new TreeSet<>(changes.moving());
        notYet.addAll(waits.keySet());
        ReloadResult result = found.result(start, states.now(), removed, notYet);
        if (tried || !sameMissing || !quiet || publisher.isUnpublished()) {
            publisher.publish(result, waiting, before.problems());
            heap.giveBack();
        } else if (!sameWaits) {
            publisher.publishWaiting(waiting, before.problems());
        }
        return result;
    }

    /// Loads one zone; an internal error becomes a problem of that zone.
    private void takeAlone(Loaded loaded, boolean force, ReloadFindings found) {
        progress.goesOn();
        Loaded taken = loaded;
        try {
            faults.at(Stage.SWAP, loaded.apex());
            take(loaded, force, found);
        } catch (RuntimeException | Error e) {
            found.good().remove(loaded.apex());
            Problem problem = Fault.problem(loaded.file(), "taking in", e);
            taken = Loaded.bad(loaded.apex(), loaded.file(), problem, loaded.inputs(), e);
            take(taken, force, found);
        }
        countFault(taken);
    }

    private void countFault(Loaded loaded) {
        Throwable fault = loaded.fault();
        if (fault != null) {
            publisher.countInternalError();
            log.fault(loaded, fault);
        }
    }

    private void take(Loaded loaded, boolean force, ReloadFindings found) {
        ZoneState old = states.get(loaded.apex());
        Zone served = old == null ? null : old.zone();
        Zone zone = loaded.zone();
        if (zone == null) {
            found.add(loaded.problems());
            states.bad(loaded);
            handover.refused(loaded.apex(), loaded.problems());
        } else if (!force
                && served != null
                && Guard.dropsRecords(served.recordCount(), zone.recordCount())) {
            Problem refusal =
                    FolderSnapshot.error(
                            loaded.file(),
                            "refused: %d of the zone's %d records would be left; 'dns-server reload --force' loads it anyway"
                                    .formatted(zone.recordCount(), served.recordCount()));
            found.refusals().add(refusal);
            states.refused(loaded.apex(), refusal);
            handover.refused(loaded.apex(), List.of(refusal));
        } else if (handover.takesOver(loaded)) {
            found.good().add(loaded.apex());
        } else {
            String objection =
                    served != null && served.available() ? SerialCheck.objection(served, zone) : "";
            found.good().add(loaded.apex());
            states.served(loaded, zone);
            if (served == null || !served.available()) {
                guard.arrived(loaded.apex(), states.now());
            }
            if (!objection.isEmpty()) {
                publisher.countSerialWarning();
                states.warn(loaded.apex(), FolderSnapshot.warning(loaded.file(), objection));
            }
        }
    }

    /// Takes zones out of service: all of them, or none. A refused removal stays refused while the
    /// files come back one by one.
    private List<Name> remove(Set<Name> missing, boolean force, ReloadFindings found) {
        List<Name> served = deliveries.filed(states.available());
        boolean refusedBefore = !refusedMissing.isEmpty() && refusedMissing.containsAll(missing);
        boolean refused =
                !force && (refusedBefore || guard.dropsZones(served, missing, states.now()));
        if (missing.isEmpty() || !refused) {
            refusedMissing.clear();
            List<Name> removed = new ArrayList<>();
            missing.forEach(zone -> removeAlone(zone, removed));
            guard.lost(served.stream().filter(missing::contains).toList(), states.now());
            return removed;
        }
        refusedMissing = new TreeSet<>(missing);
        Problem refusal =
                FolderSnapshot.error(
                        path,
                        "refused: the files of %d of %d zones are gone. Losing the last zone, or more than half of the zones within an hour, looks like an accident; 'dns-server reload --force' removes the zones"
                                .formatted(
                                        served.stream().filter(missing::contains).count(),
                                        served.size()));
        found.refusals().add(refusal);
        for (Name zone : missing) {
            // If the same file comes back, it counts as new.
            read.remove(zone);
            ZoneState old = states.get(zone);
            if (old != null && old.condition() == Condition.SERVED) {
                states.refused(zone, refusal);
            }
        }
        return List.of();
    }

    private void removeAlone(Name zone, List<Name> removed) {
        try {
            faults.at(Stage.REMOVE, zone);
        } catch (RuntimeException | Error e) {
            publisher.countInternalError();
            log.fault(zone, Fault.problem(path, "removing", e), e);
        }
        states.remove(zone);
        read.remove(zone);
        log.forget(zone);
        waiting.remove(zone);
        removed.add(zone);
    }
}
