package org.anycastdns.server.reload;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The thread that scans at an interval and carries out requests, one after the other. No error
/// ends it: it is noted as {@link Trouble}, and the thread continues after a pause.
final class ReloadThread {

    /// Time between the two scans of a requested reload.
    private static final Duration SETTLE = Duration.ofMillis(100);

    /// The thread spends at most a tenth of its time on scans, however many files there are.
    private static final int LOOK_SHARE = 10;

    /// Requests that may wait; each one loads all that the earlier ones would load.
    private static final int REQUESTS_MAX = 64;

    private final Work work;
    private final Progress progress;
    private final Trouble trouble = new Trouble();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>(REQUESTS_MAX);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    /// What the thread does.
    interface Work {

        /// Scans, and loads what has changed.
        void onTick() throws InterruptedException;

        /// Loads what has changed now, and retries what was bad or refused.
        ReloadResult onRequest(boolean force) throws InterruptedException;

        /// Returns how long the last scan took.
        long lookNanos();
    }

    private record Request(boolean force, CompletableFuture<ReloadResult> result) {}

    ReloadThread(Work work, Progress progress) {
        this.work = work;
        this.progress = progress;
    }

    /// Starts the thread.
    ///
    /// @param interval between two scans; null scans only on request
    void start(@Nullable Duration interval) {
        Thread started = Thread.ofPlatform().name("reload").daemon().unstarted(() -> run(interval));
        thread = started;
        started.start();
    }

    /// Asks the thread to load what has changed; any thread may call this.
    CompletableFuture<ReloadResult> request(boolean force) {
        CompletableFuture<ReloadResult> result = new CompletableFuture<>();
        if (!requests.offer(new Request(force, result))) {
            result.completeExceptionally(
                    new IllegalStateException("too many reloads are waiting already"));
        }
        return result;
    }

    /// Waits for the time between two scans of one request.
    ///
    /// @throws InterruptedException also when the thread is to end
    void settle() throws InterruptedException {
        if (closing.await(SETTLE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("closing");
        }
    }

    /// Returns the health of the thread.
    ReloadHealth health() {
        Thread started = thread;
        boolean alive = started == null || started.isAlive() || closing.getCount() == 0;
        Trouble.Noted noted = trouble.noted();
        return new ReloadHealth(
                alive, progress.busy(), progress.steps(), noted.text(), noted.count());
    }

    /// Ends the thread.
    void close() {
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
                    request.result.complete(work.onRequest(request.force));
                } else {
                    work.onTick();
                    long looked = TimeUnit.NANOSECONDS.toMillis(work.lookNanos());
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
}
