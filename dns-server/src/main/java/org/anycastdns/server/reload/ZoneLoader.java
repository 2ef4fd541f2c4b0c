package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.OverBudgetException;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.ZoneFileNames;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads zone files and builds their zones, as many in parallel as there are cores.
///
/// Each zone is isolated: any error while it is loaded becomes a problem of that zone. A zone that
/// waits too long for its file system, or takes too much time, is given up. Its thread cannot be
/// stopped, so it is replaced and ends when it can.
final class ZoneLoader implements Store {

    /// Time between two progress messages of a long load.
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// Time between two checks of the zones that are being loaded.
    private static final long WATCH_MILLIS = 20;

    /// A thread that has waited for a file this long is replaced, so that its core is used.
    private static final long SPARE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// A file system that needs longer than this for one answer counts as hanging; disks that spin
    /// up or are busy need less.
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// Threads that may be stuck at the same time; each keeps some memory.
    private static final int STUCK_MAX = 32;

    /// Heap octets for each octet of text that reading takes at most for usual zones.
    private static final int HEAP_PER_OCTET = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ZoneLoader.class);

    private final ZoneSource from;
    private final Settling settling;
    private final Faults faults;
    private final Progress progress;
    private final Looker looker;
    private final Admission admission =
            new Admission(Runtime.getRuntime().maxMemory() / 2 / HEAP_PER_OCTET);

    // Zone files whose loading was given up and whose threads are still stuck.
    private final Map<Path, Run> stuck = new ConcurrentHashMap<>();

    // The last snapshot, which lists the files to load.
    private volatile FolderSnapshot last = new FolderSnapshot(true, Map.of(), Map.of(), List.of());

    /// @param settling determines which files are complete
    /// @param progress is told each step of a long load
    ZoneLoader(ZoneSource from, Settling settling, Faults faults, Progress progress) {
        this.from = from;
        this.settling = settling;
        this.faults = faults;
        this.progress = progress;
        this.looker = new Looker(from, faults, progress);
    }

    /// Returns a loader that reads a folder once, as it is now.
    static ZoneLoader once(Path folder, ReadRules rules, Clock clock) {
        return new ZoneLoader(
                ZoneSource.once(folder, rules, clock),
                Settling.now(clock),
                Faults.NONE,
                new Progress());
    }

    @Override
    public FolderSnapshot look(Collection<Path> included) throws InterruptedException {
        last = looker.look(included);
        return last;
    }

    @Override
    public long lookNanos() {
        return looker.nanos();
    }

    /// Reads names only: each file's version is read together with the file, by many threads.
    @Override
    public FolderSnapshot first() throws InterruptedException {
        last = looker.names();
        return last;
    }

    @Override
    public Problem empty() {
        return FolderSnapshot.error(
                from.path(),
                "has no zone file named "
                        + from.rules().names().pattern().replace(ZoneFileNames.ORIGIN, "ORIGIN"));
    }

    @Override
    public List<Loaded> load(Map<Name, Path> zones, ImageMemory memory)
            throws InterruptedException {
        if (zones.isEmpty()) {
            return List.of();
        }
        // Assigns slots in the order of the names, whichever thread comes first.
        zones.keySet().forEach(from.slots()::slot);
        try (LoaderPool runner = new LoaderPool()) {
            Load load = new Load(runner, memory, zones.size());
            zones.forEach(load::add);
            load.await();
            return load.results();
        }
    }

    /// Zones that are loaded together.
    private final class Load {

        private final LoaderPool runner;
        private final ImageMemory memory;
        private final CountDownLatch unfinished;
        private final AtomicLong records = new AtomicLong();
        private final List<Task> tasks = new ArrayList<>();
        private final Set<Run> running = ConcurrentHashMap.newKeySet();
        private final int stuckBefore = stuck.size();

        Load(LoaderPool runner, ImageMemory memory, int count) {
            this.runner = runner;
            this.memory = memory;
            this.unfinished = new CountDownLatch(count);
        }

        void add(Name apex, Path file) {
            Task task = new Task(this, apex, file);
            tasks.add(task);
            Run before = stuck.get(file);
            if (before != null) {
                task.ends(Loaded.waiting(apex, file, before.stillStuck()));
            } else {
                runner.execute(task);
            }
        }

        void await() throws InterruptedException {
            long told = System.nanoTime();
            while (!unfinished.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.goesOn();
                long now = System.nanoTime();
                if (now - told >= PROGRESS_NANOS) {
                    told = now;
                    long finished = tasks.size() - unfinished.getCount();
                    LOG.info(
                            "loading: {} of {} zones, {} records", finished, tasks.size(), records);
                }
                watch(now);
            }
        }

        /// Gives up zones that take too long, and adds threads so that the others continue.
        private void watch(long now) {
            int lost = 0;
            int waiting = 0;
            for (Run run : running) {
                run.watch(now);
                if (run.attempt.givenUp()) {
                    lost++;
                } else if (run.attempt.waitingNanos(now) > SPARE_NANOS) {
                    waiting++;
                }
            }
            runner.spare(Math.clamp(STUCK_MAX - stuckBefore, 0, lost + waiting));
            if (lost >= runner.threads()) {
                runner.dropWaiting();
                String reason =
                        "not read: %d threads already wait for files that do not answer"
                                .formatted(stuck.size());
                tasks.forEach(task -> task.ends(Loaded.waiting(task.apex, task.file, reason)));
            }
        }

        List<Loaded> results() {
            return tasks.stream().map(Task::result).toList();
        }
    }

    /// One zone to load. There may be many waiting, so a task holds little until it starts.
    private final class Task implements Runnable {

        private final Load load;
        private final Name apex;
        private final Path file;
        private boolean ended;
        private @Nullable Loaded result;

        Task(Load load, Name apex, Path file) {
            this.load = load;
            this.apex = apex;
            this.file = file;
        }

        @Override
        public void run() {
            try {
                new Run(this).go();
            } finally {
                // Ends the task even if there was no memory to build an error.
                ends(null);
            }
        }

        /// Sets the result; only the first caller's counts.
        synchronized void ends(@Nullable Loaded what) {
            if (!ended) {
                ended = true;
                result = what;
                load.unfinished.countDown();
            }
        }

        synchronized Loaded result() {
            Loaded known = result;
            return known != null
                    ? known
                    : bad(Map.of(), Fault.problem(file, "loading", new OutOfMemoryError()), null);
        }

        private Loaded bad(Map<Path, Stamp> inputs, Problem problem, @Nullable Throwable fault) {
            Map<Path, Stamp> versions = new HashMap<>(inputs);
            // Records the version, so that it is not tried again.
            versions.computeIfAbsent(file, Stamp::of);
            return Loaded.bad(apex, file, problem, versions, fault);
        }
    }

    /// One zone that is being loaded.
    private final class Run {

        private final Task task;
        private final Path file;
        private final Admission.Share share = admission.share();
        private final Attempt attempt =
                new Attempt(from.rules().budget().zoneTime(), share, faults);
        private final Map<Path, Stamp> inputs = new ConcurrentHashMap<>(2);
        private volatile String doing = "reading";

        Run(Task task) {
            this.task = task;
            this.file = task.file;
        }

        void go() {
            task.load.running.add(this);
            try (share) {
                task.ends(loaded());
            } catch (NotYetException e) {
                task.ends(Loaded.waiting(task.apex, file, e.reason()));
            } catch (OverBudgetException e) {
                task.ends(task.bad(inputs, FolderSnapshot.error(file, e.reason()), null));
            } catch (Throwable e) {
                if (!attempt.givenUp()) {
                    task.ends(task.bad(inputs, Fault.problem(file, doing, e), e));
                }
            } finally {
                task.load.running.remove(this);
                stuck.remove(file, this);
            }
        }

        private Loaded loaded() {
            Load load = task.load;
            Problem objection = last.objection(task.apex);
            if (objection != null) {
                last.files(task.apex).forEach(each -> inputs.put(each, Stamp.of(each)));
                return task.bad(inputs, objection, null);
            }
            var source =
                    new FileSource(
                            from.path(),
                            inputs::put,
                            settling,
                            from.rules().budget().zoneOctets(),
                            attempt);
            faults.at(Stage.READ, task.apex);
            ZoneFile read =
                    ZoneFile.read(task.apex, file.toString(), source, from.rules(), load.runner);
            List<Problem> problems = read.problems(from.clock().instant());
            doing = "building";
            faults.at(Stage.BUILD, task.apex);
            Zone zone =
                    read.hasErrors()
                            ? null
                            : read.zone(load.memory, from.slots().slot(task.apex), load.runner);
            if (zone != null) {
                load.records.addAndGet(zone.recordCount());
            }
            boolean wanted = zone != null && from.receiver().wants(task.apex);
            return new Loaded(
                    task.apex,
                    file,
                    zone,
                    problems,
                    Map.copyOf(inputs),
                    read.zonemd(),
                    wanted ? read.served() : null);
        }

        /// Gives the zone up if it takes too long.
        void watch(long now) {
            if (attempt.givenUp()) {
                return;
            }
            if (attempt.waitingNanos(now) > STALLED_NANOS) {
                isStuck();
                task.ends(
                        Loaded.waiting(
                                task.apex,
                                file,
                                "%s does not answer: its file system or disk hangs"
                                        .formatted(waitsFor())));
                attempt.giveUp();
            } else if (attempt.lateNanos(now) > 0) {
                isStuck();
                String text =
                        "%s the zone took too long and was stopped; raise limits.zone-time in the configuration"
                                .formatted(doing);
                task.ends(task.bad(inputs, FolderSnapshot.error(file, text), null));
                attempt.giveUp();
            }
        }

        private void isStuck() {
            stuck.put(file, this);
            if (!task.load.running.contains(this)) {
                stuck.remove(file, this);
            }
        }

        private Path waitsFor() {
            Path waitsFor = attempt.waitsFor();
            return waitsFor == null ? file : waitsFor;
        }

        String stillStuck() {
            return attempt.waitsFor() == null
                    ? "an earlier attempt took too long and has not ended yet"
                    : "%s still does not answer: its file system or disk hangs"
                            .formatted(waitsFor());
        }
    }
}
