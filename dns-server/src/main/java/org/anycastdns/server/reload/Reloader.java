package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zone.OverBudgetException;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the served zones in line with the zone folder or image.
///
/// One thread owns everything here: first the caller of {@link #load}, then the thread that {@link
/// #start} starts. It scans the folder at an interval, or when {@link #reload} asks for it. It
/// publishes the result atomically as a {@link ZonesStatus}. {@link Changes} and {@link Guard}
/// decide what to do; they do no I/O.
///
/// Each zone is independent. If its file is bad, the last good version stays in service and the
/// other zones are loaded. An internal error in one zone is a problem of that zone. Removals count
/// together, because an emptied folder affects all zones. Other faults go to {@link Trouble}, and
/// the thread continues.
public final class Reloader implements AutoCloseable {

    /// Time between the two scans of a requested reload.
    private static final Duration SETTLE = Duration.ofMillis(100);

    /// The owning thread spends at most a tenth of its time on scans, however many files there are.
    private static final int LOOK_SHARE = 10;

    /// Requests that may wait; each one loads all that the earlier ones would load.
    private static final int REQUESTS_MAX = 64;

    /// Zones of one load that get their own log line; more would make the log unreadable.
    private static final int LOGGED_ZONES_MAX = 1_000;

    /// Problems of one zone that are logged at most; `check` prints all.
    private static final int LOGGED_PROBLEMS_MAX = 20;

    /// How long the first load waits for files that are being written: slightly longer than the
    /// wait for an unterminated last line.
    private static final Duration FIRST_WAIT = Settling.STILL.plusSeconds(1);

    /// A file that has kept changing for this long is shown as waiting.
    private static final long MOVING_NANOS = TimeUnit.SECONDS.toNanos(2);

    /// A heap up to this size, in octets, is not collected: it has that size from the start.
    private static final long HEAP_OCTETS = 128 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Path path;
    private final Store store;
    private final CounterSlots slots;
    private final ZoneMemoryReclaimer memories;
    private final Clock clock;
    private final Consumer<ZonesStatus> published;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>(REQUESTS_MAX);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Faults faults;
    private final Trouble trouble = new Trouble();
    private final Progress progress = new Progress();
    private volatile @Nullable Thread thread;

    // The owning thread owns all fields below.
    private final Map<Name, ZoneState> states = new LinkedHashMap<>();
    private final Map<Name, Map<Path, Stamp>> read = new HashMap<>();
    private final Guard guard = new Guard();
    private final Map<Name, Map<Path, Stamp>> toldFaults = new HashMap<>();
    private final Set<Problem> toldAlready = new HashSet<>();
    private final Set<Zone> unmovable = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Name, Long> movingSince = new HashMap<>();
    private Map<Name, String> waiting = new TreeMap<>();
    private Set<Name> refusedMissing = new TreeSet<>();
    private FolderSnapshot before;
    private boolean unpublished;
    private @Nullable ReloadResult last;
    private ZonesStatus.Counts counts = ZonesStatus.Counts.NONE;
    private @Nullable Instant lastSuccess;
    // Octets of the heap that were in use after the last collection.
    private long liveOctets;

    private record Request(boolean force, CompletableFuture<ReloadResult> result) {}

    /// Creates a reloader that has not read anything yet.
    ///
    /// @param path a folder of zone files, or an image of zones
    /// @param isRead whether somebody may still read a published set
    /// @param published receives the zones to serve and their states after each change; called by
    ///   the owning thread
    public Reloader(
            Path path,
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            Predicate<ZoneSet> isRead,
            Consumer<ZonesStatus> published) {
        this(path, slots, rules, clock, isRead, published, Faults.NONE);
    }

    /// @param faults hook for tests
    Reloader(
            Path path,
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            Predicate<ZoneSet> isRead,
            Consumer<ZonesStatus> published,
            Faults faults) {
        Budget limits = rules.budget();
        MemoryBudget budget = new MemoryBudget(limits.zoneMemory(), limits.allMemory());
        this.path = path;
        this.slots = slots;
        this.faults = faults;
        this.store = Store.of(path, slots, rules, clock, budget, faults, progress);
        this.memories = new ZoneMemoryReclaimer(isRead, budget);
        this.clock = clock;
        this.published = published;
        this.before = new FolderSnapshot(true, Map.of(), Map.of(), List.of());
    }

    /// Loads all zones for the first time and publishes them; those with errors are unavailable.
    /// Waits briefly for files that are still being written.
    ///
    /// @param strict publishes nothing if there is an error
    /// @return all errors and warnings
    public List<Problem> load(boolean strict) throws InterruptedException {
        Instant start = now();
        before = store.first();
        List<Problem> found = new ArrayList<>(before.problems());
        if (before.readable() && before.zones().isEmpty()) {
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
                settle();
            }
        }
        guard.approve();
        List<Problem> errors = found.stream().filter(Problem::isError).toList();
        if (errors.isEmpty() || !strict) {
            Outcome outcome = errors.isEmpty() ? Outcome.OK : Outcome.FAILED;
            publish(result(outcome, start, good, List.of(), List.copyOf(waiting.keySet()), errors));
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
            state(loaded, zone, Condition.SERVED);
            return;
        }
        if (loaded.waits()) {
            waiting.put(apex, loaded.waiting());
            found.add(FolderSnapshot.error(loaded.file(), loaded.waiting()));
        } else {
            read.put(apex, loaded.inputs());
        }
        state(loaded, Zone.unavailable(apex, slots.slot(apex)), Condition.UNAVAILABLE);
    }

    /// Returns whether the last scan could read the folder or image.
    public boolean isReadable() {
        return before.readable();
    }

    /// Returns the health of the thread that {@link #start} started.
    public ReloadHealth health() {
        Thread started = thread;
        boolean alive = started == null || started.isAlive() || closing.getCount() == 0;
        return new ReloadHealth(
                alive, progress.busy(), progress.steps(), trouble.text(), trouble.count());
    }

    /// Checks an image that {@link #load} published unchecked. Any thread may call this, before
    /// {@link #start}; the image is served in the meantime.
    ///
    /// @return why the zones must no longer be served; empty if they may be
    public List<Problem> verify() {
        return store.verify();
    }

    /// Shrinks the heap if it pays off. Reading zones leaves garbage, which a server that allocates
    /// nothing would never collect. A collection pauses all threads, so it is done only when
    /// needed. Called after {@link #load} by its caller, later by the thread that {@link #start}
    /// starts.
    public void giveBackHeap() {
        Runtime runtime = Runtime.getRuntime();
        if (runtime.totalMemory() > Math.max(HEAP_OCTETS, 2 * liveOctets)) {
            collect();
        }
    }

    /// Shrinks the heap after warm-up, while a pause does no harm, and starts the reload thread.
    ///
    /// @param interval between two scans of the folder; null scans only on request
    public void start(@Nullable Duration interval) {
        collect();
        Thread started = Thread.ofPlatform().name("reload").daemon().unstarted(() -> run(interval));
        thread = started;
        started.start();
    }

    /// Loads what has changed now, and retries what was bad or refused.
    ///
    /// @param force overrides the guard
    public CompletableFuture<ReloadResult> reload(boolean force) {
        CompletableFuture<ReloadResult> result = new CompletableFuture<>();
        if (!requests.offer(new Request(force, result))) {
            result.completeExceptionally(
                    new IllegalStateException("too many reloads are waiting already"));
        }
        return result;
    }

    /// Stops scanning; the zones stay published.
    @Override
    public void close() {
        closing.countDown();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /// Restarts the loop after any unexpected error, such as one thrown while another is logged.
    private void run(@Nullable Duration interval) {
        while (closing.getCount() > 0) {
            try {
                loop(interval);
            } catch (Throwable e) {
                trouble.happened(e);
            }
        }
    }

    private void loop(@Nullable Duration interval) {
        long intervalMillis = interval == null ? Long.MAX_VALUE : interval.toMillis();
        long pauseMillis = Math.max(trouble.pauseMillis(), intervalMillis);
        while (closing.getCount() > 0) {
            Request request = null;
            try {
                request = requests.poll(pauseMillis, TimeUnit.MILLISECONDS);
                progress.begins();
                if (request != null) {
                    request.result.complete(onRequest(request.force));
                } else {
                    onTick();
                    long looked = TimeUnit.NANOSECONDS.toMillis(store.lookNanos());
                    pauseMillis = Math.max(intervalMillis, LOOK_SHARE * looked);
                }
                trouble.isOver();
            } catch (InterruptedException e) {
                fail(request, e);
            } catch (Throwable e) {
                trouble.happened(e);
                fail(request, e);
                pauseMillis = Math.max(trouble.pauseMillis(), intervalMillis);
            } finally {
                progress.ends();
            }
        }
    }

    private static void fail(@Nullable Request request, Throwable cause) {
        if (request != null) {
            request.result.completeExceptionally(
                    new IllegalStateException(
                            cause instanceof InterruptedException
                                    ? "the server is closing"
                                    : "internal error ("
                                            + Fault.kind(cause)
                                            + "); zones stay as they are. Please report this",
                            cause));
        }
    }

    /// Scans the folder and loads what has changed.
    private void onTick() throws InterruptedException {
        var _ = memories.release();
        FolderSnapshot now = store.look(inputs());
        boolean sameProblems = now.problems().equals(before.problems());
        Changes changes = Changes.between(states.keySet(), read, before, now);
        before = now;
        refusedMissing.retainAll(changes.missing());
        if (!changes.load().isEmpty()
                || !refusedMissing.containsAll(changes.missing())
                || !sameProblems
                || unpublished
                || !waitingNow(changes).equals(waiting)) {
            var _ = take(changes, now, false, sameProblems);
        }
    }

    private ReloadResult onRequest(boolean force) throws InterruptedException {
        for (ZoneState state : states.values()) {
            if (state.condition() != Condition.SERVED) {
                read.remove(state.apex());
            }
        }
        before = store.look(inputs());
        settle();
        FolderSnapshot now = store.look(inputs());
        if (!now.zones().keySet().containsAll(before.zones().keySet())) {
            // A file that has just vanished may be being moved, so one more scan decides.
            before = now;
            settle();
            now = store.look(inputs());
        }
        Changes changes = Changes.between(states.keySet(), read, before, now);
        before = now;
        if (force) {
            guard.approve();
        }
        return take(changes, now, force, false);
    }

    /// Returns the zones that wait before changed files are tried: those that waited before and
    /// were not read since, and those whose files keep changing.
    private Map<Name, String> waitingNow(Changes changes) {
        Map<Name, String> now = new TreeMap<>(waiting);
        long nanos = System.nanoTime();
        movingSince.keySet().retainAll(changes.moving());
        for (Name zone : changes.moving()) {
            if (nanos - movingSince.computeIfAbsent(zone, _ -> nanos) >= MOVING_NANOS) {
                now.put(zone, "its file keeps changing");
            }
        }
        now.keySet()
                .removeIf(zone ->
                        !movingSince.containsKey(zone)
                                && !changes.load().containsKey(zone)
                                && before.readable());
        return now;
    }

    private void settle() throws InterruptedException {
        if (closing.await(SETTLE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("closing");
        }
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
        return loaded;
    }

    /// Carries out the changes and publishes the result, unless nothing changed.
    ///
    /// @param quiet publishes nothing if every zone to load is waiting as before
    private ReloadResult take(Changes changes, FolderSnapshot now, boolean force, boolean quiet)
            throws InterruptedException {
        Instant start = now();
        List<Name> good = new ArrayList<>();
        List<Problem> refusals = new ArrayList<>();
        List<Problem> errors = new ArrayList<>(now.problems());
        Map<Name, String> waits = waitingNow(changes);
        boolean tried = false;
        for (Loaded loaded : load(changes.load())) {
            if (loaded.waits()) {
                waits.put(loaded.apex(), loaded.waiting());
                continue;
            }
            tried = true;
            waits.remove(loaded.apex());
            read.put(loaded.apex(), loaded.inputs());
            takeAlone(loaded, force, good, errors, refusals);
        }
        boolean sameMissing = refusedMissing.containsAll(changes.missing());
        boolean sameWaits = waits.equals(waiting);
        waiting = waits;
        List<Name> removed = remove(changes.missing(), force, refusals);
        errors.addAll(refusals);
        Outcome outcome =
                !refusals.isEmpty()
                        ? Outcome.REFUSED
                        : errors.isEmpty() ? Outcome.OK : Outcome.FAILED;
        Set<Name> notYet = new TreeSet<>(changes.moving());
        notYet.addAll(waits.keySet());
        ReloadResult result = result(outcome, start, good, removed, List.copyOf(notYet), errors);
        if (tried || !sameMissing || !quiet || unpublished) {
            publish(result);
            giveBackHeap();
        } else if (!sameWaits) {
            publishWaiting();
        }
        return result;
    }

    /// Loads one zone; an internal error becomes a problem of that zone.
    private void takeAlone(
            Loaded loaded,
            boolean force,
            List<Name> good,
            List<Problem> errors,
            List<Problem> refusals) {
        progress.goesOn();
        Loaded taken = loaded;
        try {
            faults.at(Stage.SWAP, loaded.apex());
            take(loaded, force, good, errors, refusals);
        } catch (RuntimeException | Error e) {
            good.remove(loaded.apex());
            Problem problem = Fault.problem(loaded.file(), "taking in", e);
            taken = Loaded.bad(loaded.apex(), loaded.file(), problem, loaded.inputs(), e);
            take(taken, force, good, errors, refusals);
        }
        countFault(taken);
    }

    private void countFault(Loaded loaded) {
        Throwable fault = loaded.fault();
        if (fault == null) {
            return;
        }
        counts = counts.plusInternalError();
        Map<Path, Stamp> told = toldFaults.put(loaded.apex(), loaded.inputs());
        if (loaded.inputs().equals(told)) {
            toldAlready.addAll(loaded.problems());
        } else {
            LOG.debug("zone {}: the internal error", loaded.apex(), fault);
        }
    }

    private void take(
            Loaded loaded,
            boolean force,
            List<Name> good,
            List<Problem> errors,
            List<Problem> refusals) {
        ZoneState old = states.get(loaded.apex());
        Zone served = old == null ? null : old.zone();
        Zone zone = loaded.zone();
        if (zone == null) {
            loaded.problems().stream().filter(Problem::isError).forEach(errors::add);
            state(loaded, served, worse(old));
        } else if (!force
                && served != null
                && Guard.dropsRecords(served.recordCount(), zone.recordCount())) {
            Problem refusal =
                    FolderSnapshot.error(
                            loaded.file(),
                            "refused: %d of the zone's %d records would be left; 'dns-server reload --force' takes it"
                                    .formatted(zone.recordCount(), served.recordCount()));
            refusals.add(refusal);
            states.put(loaded.apex(), stale(Objects.requireNonNull(old), List.of(refusal)));
        } else {
            String objection =
                    served != null && served.available() ? SerialCheck.objection(served, zone) : "";
            good.add(loaded.apex());
            state(loaded, zone, Condition.SERVED);
            if (served == null || !served.available()) {
                guard.arrived(loaded.apex(), now());
            }
            if (!objection.isEmpty()) {
                counts = counts.plusSerialWarning();
                Problem warning = FolderSnapshot.warning(loaded.file(), objection);
                states.computeIfPresent(loaded.apex(), (_, state) -> state.with(warning));
            }
        }
    }

    /// Returns the condition of a zone whose newest file is bad.
    private static Condition worse(@Nullable ZoneState old) {
        if (old == null) {
            return Condition.ABSENT;
        }
        return old.condition() == Condition.SERVED ? Condition.STALE : old.condition();
    }

    /// Takes zones out of service: all of them, or none. A refused removal stays refused while the
    /// files come back one by one.
    private List<Name> remove(Set<Name> missing, boolean force, List<Problem> refusals) {
        List<Name> served =
                states.values().stream().filter(ZoneState::available).map(ZoneState::apex).toList();
        boolean refusedBefore = !refusedMissing.isEmpty() && refusedMissing.containsAll(missing);
        boolean refused = !force && (refusedBefore || guard.dropsZones(served, missing, now()));
        if (missing.isEmpty() || !refused) {
            refusedMissing.clear();
            List<Name> removed = new ArrayList<>();
            missing.forEach(zone -> removeAlone(zone, removed));
            guard.lost(served.stream().filter(missing::contains).toList(), now());
            return removed;
        }
        refusedMissing = new TreeSet<>(missing);
        Problem refusal =
                FolderSnapshot.error(
                        path,
                        "refused: the files of %d of %d zones are gone: the last zone, or more than half of the zones within an hour, looks like an accident; 'dns-server reload --force' removes the zones"
                                .formatted(
                                        served.stream().filter(missing::contains).count(),
                                        served.size()));
        refusals.add(refusal);
        for (Name zone : missing) {
            // If the same file comes back, it counts as new.
            read.remove(zone);
            states.computeIfPresent(
                    zone,
                    (_, old) ->
                            old.condition() == Condition.SERVED
                                    ? stale(old, List.of(refusal))
                                    : old);
        }
        return List.of();
    }

    private void removeAlone(Name zone, List<Name> removed) {
        try {
            faults.at(Stage.REMOVE, zone);
        } catch (RuntimeException | Error e) {
            counts = counts.plusInternalError();
            LOG.error("zone {}: {}", zone, Fault.problem(path, "removing", e).text());
            LOG.debug("zone {}: the internal error", zone, e);
        }
        states.remove(zone);
        read.remove(zone);
        toldFaults.remove(zone);
        waiting.remove(zone);
        removed.add(zone);
    }

    private void state(Loaded loaded, @Nullable Zone zone, Condition condition) {
        ZoneState old = states.get(loaded.apex());
        Instant now = now();
        boolean fresh = zone != null && (old == null || old.zone() != zone);
        states.put(
                loaded.apex(),
                new ZoneState(
                        loaded.apex(),
                        zone,
                        condition,
                        old != null && old.condition() == condition && !fresh ? old.since() : now,
                        fresh || old == null ? now : old.loadedAt(),
                        loaded.problems(),
                        fresh || old == null ? loaded.zonemd() : old.zonemd(),
                        loaded.waiting()));
    }

    private ZoneState stale(ZoneState old, List<Problem> problems) {
        Instant since = old.condition() == Condition.STALE ? old.since() : now();
        return new ZoneState(
                old.apex(),
                old.zone(),
                Condition.STALE,
                since,
                old.loadedAt(),
                problems,
                old.zonemd(),
                old.waiting());
    }

    private ReloadResult result(
            Outcome outcome,
            Instant start,
            List<Name> loaded,
            List<Name> removed,
            List<Name> waiting,
            List<Problem> problems) {
        Instant at = now();
        long milliseconds = Duration.between(start, at).toMillis();
        return new ReloadResult(
                outcome,
                at,
                milliseconds,
                List.copyOf(loaded),
                removed,
                waiting,
                List.copyOf(problems));
    }

    private void publish(ReloadResult result) {
        counts = counts.plus(result.outcome());
        if (result.outcome() == Outcome.OK) {
            lastSuccess = result.at();
        }
        last = result;
        log(result);
        publishAgain();
    }

    /// Publishes which zones wait; the zones themselves are unchanged.
    private void publishWaiting() {
        waiting.forEach((zone, reason) -> LOG.info("zone {} waits: {}", zone, reason));
        publishAgain();
    }

    private void publishAgain() {
        unpublished = true;
        showWaiting();
        answerUnloaded();
        ImageMemory packed = memories.next();
        List<Zone> zones = zones();
        unmovable.retainAll(zones);
        for (Zone zone : memories.scattered(zones)) {
            if (!unmovable.contains(zone)) {
                states.computeIfPresent(zone.apex(), (_, state) -> moved(state, zone, packed));
            }
        }
        List<ZoneState> inOrder =
                states.values().stream().sorted(Comparator.comparing(ZoneState::apex)).toList();
        ZoneSet set = new ZoneSet(zones());
        published.accept(
                new ZonesStatus(
                        set,
                        inOrder,
                        before.problems(),
                        Objects.requireNonNull(last),
                        lastSuccess,
                        counts));
        unpublished = false;
        memories.published(set);
    }

    private void showWaiting() {
        states.replaceAll((apex, state) -> state.waits(waiting.getOrDefault(apex, "")));
        Instant now = now();
        waiting.forEach((apex, reason) ->
                states.putIfAbsent(
                        apex,
                        new ZoneState(
                                apex,
                                null,
                                Condition.ABSENT,
                                now,
                                now,
                                List.of(),
                                ZonemdStatus.UNCHECKED,
                                reason)));
    }

    /// Answers SERVFAIL for zones whose file was bad from the beginning, as at startup, except
    /// below a served zone. There, a new file with a mistyped name must not take away good answers.
    private void answerUnloaded() {
        Instant now = now();
        states.replaceAll((apex, state) ->
                state.condition() == Condition.ABSENT
                                && state.errorCount() > 0
                                && !isBelowServed(apex)
                        ? state.unavailable(Zone.unavailable(apex, slots.slot(apex)), now)
                        : state);
    }

    private boolean isBelowServed(Name apex) {
        for (Name above = apex; !above.isRoot(); ) {
            above = above.parent();
            ZoneState state = states.get(above);
            if (state != null && state.available()) {
                return true;
            }
        }
        return false;
    }

    /// Returns the zone in other memory, or where it is if it cannot be moved.
    private ZoneState moved(ZoneState state, Zone zone, ImageMemory packed) {
        progress.goesOn();
        try {
            faults.at(Stage.COPY, zone.apex());
            return state.moved(zone.copy(packed));
        } catch (OverBudgetException e) {
            LOG.debug("zone {} stays where it is: {}", zone.apex(), e.reason());
            return state;
        } catch (RuntimeException | Error e) {
            unmovable.add(zone);
            counts = counts.plusInternalError();
            Problem problem = Fault.problem(path, "moving", e);
            LOG.error("zone {}: {}", zone.apex(), problem.text());
            LOG.debug("zone {}: the internal error", zone.apex(), e);
            return state.with(problem);
        }
    }

    private void collect() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        liveOctets = runtime.totalMemory() - runtime.freeMemory();
    }

    private List<Zone> zones() {
        return states.values().stream().map(ZoneState::zone).filter(Objects::nonNull).toList();
    }

    private void log(ReloadResult result) {
        int logged = 0;
        for (Name apex : result.loaded()) {
            ZoneState state = Objects.requireNonNull(states.get(apex));
            if (logged++ < LOGGED_ZONES_MAX) {
                LOG.info("zone {}, {} records", state.zone(), count(state.zone()));
            }
            List<Problem> problems = state.problems();
            for (int i = 0; i < Math.min(problems.size(), LOGGED_PROBLEMS_MAX); i++) {
                LOG.warn("{}", problems.get(i));
            }
        }
        if (logged > LOGGED_ZONES_MAX) {
            LOG.info("and {} zones more", logged - LOGGED_ZONES_MAX);
        }
        result.removed().forEach(apex -> LOG.info("zone {} removed", apex));
        logErrors(result.problems());
        long stale =
                states.values().stream()
                        .filter(state -> state.condition() == Condition.STALE)
                        .count();
        if (result.outcome() != Outcome.OK && stale > 0) {
            LOG.error(
                    "reload {}: last good versions that stay in service: {}",
                    result.outcome(),
                    stale);
        }
    }

    /// Logs errors with a limit per file, so that one zone does not hide the errors of others.
    private void logErrors(List<Problem> problems) {
        Map<String, Integer> byFile = new HashMap<>();
        int lines = 0;
        int left = 0;
        for (Problem problem : problems) {
            if (toldAlready.remove(problem)) {
                continue;
            }
            if (byFile.merge(problem.file(), 1, Integer::sum) <= LOGGED_PROBLEMS_MAX
                    && lines < LOGGED_ZONES_MAX) {
                lines++;
                LOG.error("{}", problem);
            } else {
                left++;
            }
        }
        if (left > 0) {
            LOG.error("{} more problems; 'dns-server check' prints all", left);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static int count(@Nullable Zone zone) {
        return zone == null ? 0 : zone.recordCount();
    }
}
