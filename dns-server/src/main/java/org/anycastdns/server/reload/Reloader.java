package org.anycastdns.server.reload;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.anycastdns.server.reload.ReloadResult.Outcome;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.Problem;
import org.anycastdns.server.zonefile.ReadRules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the served zones as the folder says.
///
/// One thread owns everything here: first the one that calls {@link #load}, then the one that
/// {@link #start} starts. It looks at the folder, or is asked to by {@link #reload}; what it makes
/// of that is published as a {@link ZonesStatus} in one piece. What is to be done is decided by
/// {@link Changes} and {@link Guard}, which do no I/O.
///
/// Each zone stands for itself: a bad file keeps its zone's last good version, the others are taken
/// in. Removals count together, because an emptied folder is an accident of all zones.
public final class Reloader implements AutoCloseable {

    /// Between the two looks of a reload that somebody asked for.
    private static final Duration SETTLE = Duration.ofMillis(100);

    /// The owning thread is at work with looking no more than a tenth of its time, however many
    /// files there are.
    private static final int LOOK_SHARE = 10;

    /// Reloads that may wait to be carried out; each takes in all that the earlier ones would.
    private static final int REQUESTS_MAX = 64;

    /// Zones of one load that have a line of their own in the log, which is there to be read.
    private static final int LOGGED_ZONES_MAX = 1_000;

    /// Problems of one zone that go to the log at most; `check` prints all.
    private static final int LOGGED_PROBLEMS_MAX = 20;

    /// A heap up to this size is left as it is: that much is there from the start.
    private static final long HEAP_OCTETS = 128 << 20;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final Path path;
    private final Store store;
    private final CounterSlots slots;
    private final Memories memories;
    private final Clock clock;
    private final Consumer<ZonesStatus> published;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>(REQUESTS_MAX);
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;

    // All below belongs to the owning thread.
    private final Map<Name, ZoneState> states = new LinkedHashMap<>();
    private final Map<Name, Map<Path, Stamp>> read = new HashMap<>();
    private Set<Name> refusedMissing = new TreeSet<>();
    private Look before;
    private ZonesStatus.Counts counts = new ZonesStatus.Counts(0, 0, 0);
    private @Nullable Instant lastSuccess;
    // What was left of the heap when it was collected last.
    private long liveOctets;

    private record Request(boolean force, CompletableFuture<ReloadResult> result) {}

    /// A reloader that has not read anything yet.
    ///
    /// @param path a folder of zone files, or an image of zones
    /// @param isRead whether somebody may still read a set that was published
    /// @param published receives the zones to serve and how they stand, each time something
    ///   changed; called by the owning thread
    public Reloader(
            Path path,
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            Predicate<ZoneSet> isRead,
            Consumer<ZonesStatus> published) {
        this.path = path;
        this.slots = slots;
        this.store = Store.of(path, slots, rules, clock);
        this.memories = new Memories(isRead);
        this.clock = clock;
        this.published = published;
        this.before = new Look(true, Map.of(), Map.of(), List.of());
    }

    /// Loads all zones for the first time and publishes them, unless there is an error.
    ///
    /// @param skipBadZones publish in spite of errors: zones with errors as unavailable ones
    /// @return everything that was found, errors and warnings
    public List<Problem> load(boolean skipBadZones) throws InterruptedException {
        Instant start = now();
        before = store.first();
        List<Problem> found = new ArrayList<>(before.problems());
        if (before.readable() && before.zones().isEmpty()) {
            found.add(store.empty());
        }
        List<Name> good = new ArrayList<>();
        for (Loaded loaded : load(before.zones())) {
            read.put(loaded.apex(), loaded.inputs());
            found.addAll(loaded.problems());
            Zone zone = loaded.zone();
            if (zone != null) {
                good.add(loaded.apex());
                state(loaded, zone, Condition.SERVED);
            } else {
                int slot = slots.slot(loaded.apex());
                state(loaded, Zone.unavailable(loaded.apex(), slot), Condition.UNAVAILABLE);
            }
        }
        List<Problem> errors = found.stream().filter(Problem::isError).toList();
        if (errors.isEmpty() || skipBadZones) {
            Outcome outcome = errors.isEmpty() ? Outcome.OK : Outcome.FAILED;
            publish(result(outcome, start, good, List.of(), List.of(), errors));
        }
        return found;
    }

    /// Checks what {@link #load} took on trust, by any thread, before {@link #start}: an image is
    /// served while it is looked through.
    ///
    /// @return why the zones must not be served any longer; empty when they may
    public List<Problem> verify() {
        return store.verify();
    }

    /// Reading text takes heap that nothing needs afterwards, and a server that allocates nothing
    /// would never collect it. Collecting stops everybody for as long as it takes to look at what
    /// lives, some hundred milliseconds with 100,000 zones: so it is done only when it pays. After
    /// {@link #load} by its caller, later by the thread that {@link #start} starts.
    public void giveBackHeap() {
        Runtime runtime = Runtime.getRuntime();
        if (runtime.totalMemory() > Math.max(HEAP_OCTETS, 2 * liveOctets)) {
            collect();
        }
    }

    /// Gives back the heap that warming up took, while a pause hurts nobody yet, and starts the
    /// thread that carries out reloads.
    ///
    /// @param interval between two looks at the folder; null never looks without being asked
    public void start(@Nullable Duration interval) {
        collect();
        Thread started = Thread.ofPlatform().name("reload").daemon().unstarted(() -> run(interval));
        thread = started;
        started.start();
    }

    /// Reads what has changed now, and once more what was bad or refused.
    ///
    /// @param force takes in what the guard refuses
    public CompletableFuture<ReloadResult> reload(boolean force) {
        CompletableFuture<ReloadResult> result = new CompletableFuture<>();
        if (!requests.offer(new Request(force, result))) {
            result.completeExceptionally(
                    new IllegalStateException("too many reloads are waiting already"));
        }
        return result;
    }

    /// Stops looking; the zones stay published.
    @Override
    public void close() {
        closing.countDown();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run(@Nullable Duration interval) {
        long pauseMillis = interval == null ? Long.MAX_VALUE : interval.toMillis();
        while (closing.getCount() > 0) {
            Request request = null;
            try {
                request = requests.poll(pauseMillis, TimeUnit.MILLISECONDS);
                if (request != null) {
                    request.result.complete(onRequest(request.force));
                } else {
                    long looked = TimeUnit.NANOSECONDS.toMillis(onTick());
                    pauseMillis =
                            Math.max(
                                    interval == null ? 0 : interval.toMillis(),
                                    LOOK_SHARE * looked);
                }
            } catch (InterruptedException e) {
                fail(request, e);
            } catch (RuntimeException e) {
                LOG.error("the reload failed by a fault of this program; old zones stay", e);
                fail(request, e);
            }
        }
    }

    private static void fail(@Nullable Request request, Exception cause) {
        if (request != null) {
            request.result.completeExceptionally(cause);
        }
    }

    /// Looks at the folder and takes in what has changed.
    ///
    /// @return how long the look took, in nanoseconds of the processor's time: by the clock it
    ///   takes longer when the machine is busy or the process was stopped, and what follows from it
    ///   may take seconds, but neither makes looking costly
    private long onTick() throws InterruptedException {
        var _ = memories.release();
        long start = THREADS.getCurrentThreadCpuTime();
        Look now = store.look(inputs());
        long lookNanos = THREADS.getCurrentThreadCpuTime() - start;
        boolean sameProblems = now.problems().equals(before.problems());
        Changes changes = Changes.between(states.keySet(), read, before, now);
        before = now;
        refusedMissing.retainAll(changes.missing());
        if (!changes.load().isEmpty()
                || !refusedMissing.containsAll(changes.missing())
                || !sameProblems) {
            take(changes, now, false);
        }
        return lookNanos;
    }

    private ReloadResult onRequest(boolean force) throws InterruptedException {
        for (ZoneState state : states.values()) {
            if (state.condition() != Condition.SERVED) {
                read.remove(state.apex());
            }
        }
        before = store.look(inputs());
        settle();
        Look now = store.look(inputs());
        if (!now.zones().keySet().containsAll(before.zones().keySet())) {
            // What has just vanished may be on its way to another place: one more look.
            before = now;
            settle();
            now = store.look(inputs());
        }
        Changes changes = Changes.between(states.keySet(), read, before, now);
        before = now;
        return take(changes, now, force);
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

    /// Carries out what was decided.
    private ReloadResult take(Changes changes, Look now, boolean force)
            throws InterruptedException {
        Instant start = now();
        int zoneCount = states.size();
        List<Name> good = new ArrayList<>();
        List<Problem> refusals = new ArrayList<>();
        List<Problem> errors = new ArrayList<>(now.problems());
        for (Loaded loaded : load(changes.load())) {
            read.put(loaded.apex(), loaded.inputs());
            take(loaded, force, good, errors, refusals);
        }
        List<Name> removed = remove(changes.missing(), zoneCount, force, refusals);
        errors.addAll(refusals);
        Outcome outcome =
                !refusals.isEmpty()
                        ? Outcome.REFUSED
                        : errors.isEmpty() ? Outcome.OK : Outcome.FAILED;
        ReloadResult result =
                result(outcome, start, good, removed, List.copyOf(changes.moving()), errors);
        publish(result);
        giveBackHeap();
        return result;
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
                    Look.error(
                            loaded.file(),
                            "refused: %d of the zone's %d records would be left; 'dns-server reload --force' takes it"
                                    .formatted(zone.recordCount(), served.recordCount()));
            refusals.add(refusal);
            states.put(loaded.apex(), stale(Objects.requireNonNull(old), List.of(refusal)));
        } else {
            good.add(loaded.apex());
            state(loaded, zone, Condition.SERVED);
        }
    }

    /// The condition of a zone whose newest file is bad.
    private static Condition worse(@Nullable ZoneState old) {
        if (old == null) {
            return Condition.ABSENT;
        }
        return old.condition() == Condition.SERVED ? Condition.STALE : old.condition();
    }

    /// Takes zones out of service, or none of them. Removals that were refused once stay refused
    /// while files come back one by one.
    private List<Name> remove(
            Set<Name> missing, int zoneCount, boolean force, List<Problem> refusals) {
        boolean refusedBefore = !refusedMissing.isEmpty() && refusedMissing.containsAll(missing);
        boolean refused = refusedBefore || Guard.dropsZones(zoneCount, missing.size());
        if (missing.isEmpty() || force || !refused) {
            refusedMissing.clear();
            states.keySet().removeAll(missing);
            read.keySet().removeAll(missing);
            return List.copyOf(missing);
        }
        refusedMissing = new TreeSet<>(missing);
        Problem refusal =
                Look.error(
                        path,
                        "refused: the files of %d of %d zones are gone; 'dns-server reload --force' removes the zones"
                                .formatted(missing.size(), zoneCount));
        refusals.add(refusal);
        for (Name zone : missing) {
            // Its file counts as new when it comes back, even as the same.
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
                        fresh || old == null ? loaded.zonemd() : old.zonemd()));
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
                old.zonemd());
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
        log(result);
        ImageMemory packed = memories.next();
        for (Zone zone : memories.scattered(zones())) {
            states.computeIfPresent(zone.apex(), (_, state) -> state.moved(zone.copy(packed)));
        }
        List<ZoneState> inOrder =
                states.values().stream().sorted(Comparator.comparing(ZoneState::apex)).toList();
        ZoneSet set = new ZoneSet(zones());
        published.accept(
                new ZonesStatus(set, inOrder, before.problems(), result, lastSuccess, counts));
        memories.published(set);
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
        result.problems().stream()
                .limit(LOGGED_PROBLEMS_MAX)
                .forEach(problem -> LOG.error("{}", problem));
        if (result.problems().size() > LOGGED_PROBLEMS_MAX) {
            LOG.error("and {} more", result.problems().size() - LOGGED_PROBLEMS_MAX);
        }
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static int count(@Nullable Zone zone) {
        return zone == null ? 0 : zone.recordCount();
    }
}
