package org.anycastdns.server.reload;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.anycastdns.server.reload.Faults.Asking;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Scans a folder on a separate thread, which may be lost: a status request to a hanging network
/// file system never returns. Later scans skip such a file until its file system answers.
///
/// Owned by one thread, which waits for the result.
final class Looker {

    private static final long TICK_MILLIS = 100;

    /// Ticks without an answer after which a file system counts as hanging.
    private static final int TICKS_MAX = 30;

    /// The same limit once a scan has found a hanging file: there may be many, and other files
    /// wait.
    private static final int NEXT_TICKS_MAX = 2;

    /// The same limit for listing the folder, which may be large.
    private static final int FOLDER_TICKS_MAX = 100;

    /// Threads that may hang at the same time.
    private static final int STUCK_MAX = 32;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ZoneSource from;
    private final Faults faults;
    private final Progress progress;
    private final Set<Path> stuck = ConcurrentHashMap.newKeySet();
    private ThreadPoolExecutor thread = thread();
    private Map<Path, Stamp> known = Map.of();
    private @Nullable Job hanging;
    private long nanos;

    /// @param faults hook for tests
    /// @param progress is told each step of a long scan
    Looker(ZoneSource from, Faults faults, Progress progress) {
        this.faults = faults;
        this.progress = progress;
        this.from = from;
    }

    /// Creates an executor whose thread ends by itself after a while without work.
    private static ThreadPoolExecutor thread() {
        return new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("look").daemon().factory());
    }

    /// One scan.
    private final class Job implements Runnable {

        private final Function<Job, FolderSnapshot> snapshot;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile int steps;
        private volatile @Nullable Path at;
        private volatile @Nullable Throwable failure;
        private @Nullable FolderSnapshot result;
        private long nanos;

        Job(Function<Job, FolderSnapshot> snapshot) {
            this.snapshot = snapshot;
        }

        @Override
        public void run() {
            long start = THREADS.getCurrentThreadCpuTime();
            try {
                result = snapshot.apply(this);
            } catch (Throwable e) {
                failure = e;
            } finally {
                nanos = THREADS.getCurrentThreadCpuTime() - start;
                done.countDown();
            }
        }

        private Stamp stamp(Path file, Map<Path, Stamp> known) {
            if (!stuck.isEmpty() && stuck.contains(file)) {
                return known.getOrDefault(file, Stamp.NONE);
            }
            at = file;
            int before = steps;
            steps = before + 1;
            faults.asks(Asking.STATUS, file);
            Stamp stamp = Stamp.of(file);
            at = null;
            if (!stuck.isEmpty()) {
                // The file system answered, but too late for this scan.
                stuck.remove(file);
            }
            return stamp;
        }
    }

    /// Reads the names in the folder.
    FolderSnapshot names() throws InterruptedException {
        return run(_ -> FolderSnapshot.names(from.path(), from.rules().names()));
    }

    /// Takes a snapshot of the folder and its files.
    ///
    /// @param included included files, which belong to zones too
    FolderSnapshot look(Collection<Path> included) throws InterruptedException {
        Map<Path, Stamp> before = known;
        FolderSnapshot snapshot =
                run(job ->
                        FolderSnapshot.at(
                                from.path(),
                                from.rules().names(),
                                included,
                                file -> job.stamp(file, before)));
        if (snapshot.readable()) {
            known = snapshot.stamps();
        }
        return snapshot;
    }

    /// Returns how much CPU time the last scan took, in nanoseconds. Wall-clock time would also
    /// count a busy machine or a suspended process, which do not make scanning expensive.
    long nanos() {
        return nanos;
    }

    private FolderSnapshot run(Function<Job, FolderSnapshot> snapshot) throws InterruptedException {
        Job former = hanging;
        if (former != null && former.done.getCount() > 0) {
            return hangs();
        }
        hanging = null;
        int ticksMax = TICKS_MAX;
        while (true) {
            Job job = new Job(snapshot);
            thread.execute(job);
            boolean done = await(job, ticksMax);
            if (done) {
                nanos = job.nanos;
                return withStuck(result(job));
            }
            thread.shutdown();
            thread = thread();
            Path file = job.at;
            if (file == null || stuck.size() >= STUCK_MAX) {
                hanging = job;
                return hangs();
            }
            stuck.add(file);
            ticksMax = NEXT_TICKS_MAX;
        }
    }

    /// Waits while the scan makes progress. Returns false if it hangs.
    private boolean await(Job job, int ticksMax) throws InterruptedException {
        int steps = -1;
        int idle = 0;
        while (!job.done.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            progress.goesOn();
            idle = job.steps == steps ? idle + 1 : 0;
            steps = job.steps;
            if (idle >= (job.at == null ? FOLDER_TICKS_MAX : ticksMax)) {
                return false;
            }
        }
        return true;
    }

    private static FolderSnapshot result(Job job) {
        FolderSnapshot result = job.result;
        if (result != null) {
            return result;
        }
        throw new IllegalStateException("the look failed", job.failure);
    }

    private FolderSnapshot hangs() {
        String text =
                stuck.isEmpty()
                        ? "does not answer: its file system or disk hangs"
                        : "more than %d files do not answer: their file system or disk hangs"
                                .formatted(stuck.size());
        return new FolderSnapshot(
                false, Map.of(), Map.of(), List.of(FolderSnapshot.error(from.path(), text)));
    }

    private FolderSnapshot withStuck(FolderSnapshot snapshot) {
        if (stuck.isEmpty() || !snapshot.readable()) {
            return snapshot;
        }
        List<Problem> problems = new ArrayList<>(snapshot.problems());
        stuck.stream()
                .sorted()
                .forEach(file ->
                        problems.add(
                                FolderSnapshot.error(
                                        file, "does not answer: its file system or disk hangs")));
        return new FolderSnapshot(
                true, snapshot.zones(), snapshot.stamps(), problems, snapshot.contested());
    }
}
