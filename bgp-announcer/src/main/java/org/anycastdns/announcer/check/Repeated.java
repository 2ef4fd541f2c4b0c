package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.daemon.LogLimiter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a check at regular intervals, on a virtual thread. A run that does not end in time is a
/// failure, whatever it does later, and one more at each interval. It is interrupted, and until it
/// ends no other one begins, so that a check that hangs for ever costs one thread.
final class Repeated implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);
    private static final LogLimiter<String> LINES = new LogLimiter<>("check");

    /// How much longer than its timeout a run may take, because the check itself notices first that
    /// the time is over, and knows the better words.
    static final Duration MARGIN = Duration.ofMillis(50);

    private final String name;
    private final Check check;
    private final Pace pace;
    private final Consumer<CheckResult> sink;
    private final Checks.CheckLateness lateness;
    private final Thread thread;
    private volatile boolean closed;

    /// Whether a run is under way, whether it has failed for its time, and when it fails next.
    private boolean running;

    private boolean overdue;
    private long overdueNanos;

    /// When a check runs.
    ///
    /// @param interval from the start of a run to the start of the next
    /// @param timeout how long a run may take
    /// @param margin how much longer than that it is waited for
    record Pace(Duration interval, Duration timeout, Duration margin) {

        /// Creates a pace with the usual margin.
        Pace(Duration interval, Duration timeout) {
            this(interval, timeout, MARGIN);
        }
    }

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

    /// Looks whether the run under way takes too long. Called again and again by another thread.
    void look(long nowNanos) {
        synchronized (this) {
            if (closed || !running || nowNanos - overdueNanos < 0) {
                return;
            }
            if (!overdue) {
                thread.interrupt();
            }
            overdue = true;
            overdueNanos += pace.interval.toNanos();
        }
        sink.accept(overdue(pace.timeout));
    }

    /// Returns the result of a run that has not ended in time.
    static CheckResult overdue(Duration timeout) {
        return new CheckResult.Failed("no result within " + timeout.toMillis() + " ms");
    }

    private void loop() {
        long due = System.nanoTime();
        while (!closed) {
            long late = System.nanoTime() - due;
            lateness.late(Duration.ofNanos(Math.max(0, late)));
            // What has been missed is not made up for.
            due = late > pace.interval.toNanos() ? due + late : due;
            begin();
            CheckResult result = run();
            boolean inTime = end();
            if (closed) {
                return;
            }
            due += pace.interval.toNanos();
            if (inTime) {
                sink.accept(result);
            } else {
                due = Math.max(due, System.nanoTime()); // it was not late: it was hung
            }
            for (long rest = due - System.nanoTime(); rest > 0 && !closed; ) {
                LockSupport.parkNanos(rest);
                rest = due - System.nanoTime();
            }
        }
    }

    private synchronized void begin() {
        running = true;
        overdue = false;
        overdueNanos = System.nanoTime() + pace.timeout.plus(pace.margin).toNanos();
    }

    /// Ends a run. Returns whether it was in time.
    private synchronized boolean end() {
        running = false;
        if (overdue) {
            var _ = Thread.interrupted(); // it was for this run, which may have ignored it
        }
        return !overdue;
    }

    private CheckResult run() {
        try {
            return check.run(pace.timeout);
        } catch (InterruptedException _) {
            return new CheckResult.Failed("interrupted");
        } catch (RuntimeException | Error e) {
            // A bug of ours. Without a result the health loop would not know.
            LINES.log(name, more -> LOG.error("{} failed; please report this{}", name, more, e));
            return new CheckResult.Failed("internal error: " + e);
        }
    }
}
