package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.daemon.LogLimiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a check at regular intervals, on virtual threads. A run that does not end in time is a
/// failure, whatever it does later. It is interrupted, and until it ends no other one begins, so
/// that a check that hangs for ever costs one thread.
final class Repeated implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);
    private static final LogLimiter<String> LINES = new LogLimiter<>("check");

    /// How much longer than its timeout a run may take, because the check itself notices first that
    /// the time is over, and knows the better words.
    private static final Duration MARGIN = Duration.ofMillis(50);

    private final String name;
    private final Check check;
    private final Pace pace;
    private final Consumer<CheckResult> sink;
    private final Checks.CheckLateness lateness;
    private final Thread thread;
    private volatile boolean closed;

    /// The run that did not end in time; used by the thread alone.
    private @Nullable Run hung;

    /// When a check runs.
    ///
    /// @param interval from the start of a run to the start of the next
    /// @param timeout how long a run may take
    record Pace(Duration interval, Duration timeout) {}

    /// Creates runs that have not started.
    ///
    /// @param sink receives the result of each run
    /// @param lateness receives how late each run began
    Repeated(
            String name,
            Check check,
            Pace pace,
            Consumer<CheckResult> sink,
            Checks.CheckLateness lateness) {
        this.name = name;
        this.check = check;
        this.pace = pace;
        this.sink = sink;
        this.lateness = lateness;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void loop() {
        long due = System.nanoTime();
        while (!closed) {
            long late = System.nanoTime() - due;
            lateness.late(Duration.ofNanos(Math.max(0, late)));
            // What has been missed is not made up for.
            due = late > pace.interval.toNanos() ? due + late : due;
            CheckResult result = run();
            if (closed) {
                return;
            }
            sink.accept(result);
            due += pace.interval.toNanos();
            for (long rest = due - System.nanoTime(); rest > 0 && !closed; ) {
                LockSupport.parkNanos(rest);
                rest = due - System.nanoTime();
            }
        }
    }

    private CheckResult run() {
        Run before = hung;
        if (before != null && !before.ended) {
            return tooLong();
        }
        hung = null;
        Run now = new Run();
        Thread runner = Thread.ofVirtual().name(name).start(now);
        try {
            return now.result.get(pace.timeout.plus(MARGIN).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            hung = now;
            runner.interrupt();
            return tooLong();
        } catch (ExecutionException e) {
            // A bug of ours. Without a result the health loop would not know.
            LINES.log(
                    name,
                    more -> LOG.error("{} failed; please report this{}", name, more, e.getCause()));
            return new CheckResult.Failed("internal error: " + e.getCause());
        } catch (InterruptedException _) {
            runner.interrupt();
            return new CheckResult.Failed("ended");
        }
    }

    private CheckResult tooLong() {
        return new CheckResult.Failed("no result within " + pace.timeout.toMillis() + " ms");
    }

    /// One run of the check.
    private final class Run implements Runnable {

        private final CompletableFuture<CheckResult> result = new CompletableFuture<>();
        private volatile boolean ended;

        @Override
        public void run() {
            try {
                result.complete(check.run(pace.timeout));
            } catch (InterruptedException _) {
                result.complete(new CheckResult.Failed("interrupted"));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            } finally {
                ended = true;
            }
        }
    }
}
