package org.anycastdns.server.reload;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The thread that scans at an interval, carries out requests and takes deliveries, one after the
/// other. No error ends it: it is noted as {@link Trouble}, and the thread continues after a pause.
final class ReloadThread {

    /// Time between the two scans of a requested reload.
    private static final Duration SETTLE = Duration.ofMillis(100);

    /// The thread spends at most a tenth of its time on scans, however many files there are.
    private static final int LOOK_SHARE = 10;

    /// Requests that may wait; each one loads all that the earlier ones would load.
    private static final int REQUESTS_MAX = 64;

    /// A time that does not come, and whose nanoseconds fit a long: a hundred years.
    private static final long NEVER_MILLIS = TimeUnit.DAYS.toMillis(36_500);

    private final Work work;
    private final Progress progress;
    private final Trouble trouble = new Trouble();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>(REQUESTS_MAX);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    /// What the thread does.
    interface Work {

        /// Scans, and loads what has changed.
        void onTick() throws InterruptedException;

        /// Loads what has changed now, and retries what was bad or refused.
        ReloadResult onRequest(boolean force) throws InterruptedException;

        /// Takes zones that were built elsewhere, if there are any.
        void onDelivery() throws InterruptedException;

        /// Returns how long the last scan took.
        long lookNanos();
    }

    /// @param result of a reload; null if a delivery has to be taken
    private record Request(boolean force, @Nullable CompletableFuture<ReloadResult> result) {}

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

    /// Makes the thread take deliveries soon; any thread may call this. If many requests wait, it
    /// does so between them anyway.
    void wake() {
        if (woken.compareAndSet(false, true) && !requests.offer(new Request(false, null))) {
            woken.set(false);
        }
    }

    /// Waits for the time between two scans of one request.
    ///
    /// @throws InterruptedException also when the thread is to end
    void settle() throws InterruptedException {
        pause(SETTLE.toNanos());
    }

    /// Waits.
    ///
    /// @throws InterruptedException also when the thread is to end
    void pause(long nanos) throws InterruptedException {
        if (closing.await(nanos, TimeUnit.NANOSECONDS)) {
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
        // Without an interval, the next scan is so far away that it never comes.
        long intervalMillis = interval == null ? NEVER_MILLIS : interval.toMillis();
        long tickNanos = after(Math.max(trouble.pauseMillis(), intervalMillis));
        while (closing.getCount() > 0) {
            Request request = null;
            try {
                request = requests.poll(tickNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                progress.begins();
                if (request != null && request.result == null) {
                    woken.set(false);
                }
                work.onDelivery();
                if (request != null && request.result != null) {
                    request.result.complete(work.onRequest(request.force));
                    trouble.isOver();
                }
                if (tickNanos - System.nanoTime() <= 0) {
                    work.onTick();
                    long looked = TimeUnit.NANOSECONDS.toMillis(work.lookNanos());
                    tickNanos = after(Math.max(intervalMillis, LOOK_SHARE * looked));
                    trouble.isOver();
                }
            } catch (InterruptedException e) {
                fail(request, e);
            } catch (Throwable e) {
                trouble.happened(e);
                fail(request, e);
                tickNanos = after(Math.max(trouble.pauseMillis(), intervalMillis));
            } finally {
                progress.ends();
            }
        }
    }

    private static long after(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static void fail(@Nullable Request request, Throwable cause) {
        if (request != null && request.result != null) {
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
