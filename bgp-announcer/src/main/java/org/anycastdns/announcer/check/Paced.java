package org.anycastdns.announcer.check;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.daemon.LogLimiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a check at regular intervals on the event loop of a [CheckLoop]. A run that does not end in
/// time is canceled and a failure. What [Repeated] does with threads, this does with timers.
final class Paced implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Paced.class);
    private static final LogLimiter<String> LINES = new LogLimiter<>("check");

    private final String name;
    private final LoopCheck check;
    private final Repeated.Pace pace;
    private final Consumer<CheckResult> sink;
    private final Checks.CheckLateness lateness;
    private final CheckLoop loop;

    // What follows belongs to the loop.
    private long due;
    private long run;
    private boolean running;
    private boolean closed;
    private @Nullable Future<?> timer;

    /// Creates runs that have not started.
    ///
    /// @param sink receives the result of each run, on the loop
    /// @param lateness receives how late each run began, on the loop
    Paced(
            String name,
            LoopCheck check,
            Repeated.Pace pace,
            Consumer<CheckResult> sink,
            Checks.CheckLateness lateness,
            CheckLoop loop) {
        this.name = name;
        this.check = check;
        this.pace = pace;
        this.sink = sink;
        this.lateness = lateness;
        this.loop = loop;
    }

    void start() {
        due = System.nanoTime();
        loop.execute(this::begin);
    }

    /// Ends the run under way, and begins no other.
    @Override
    public void close() {
        loop.execute(this::end);
    }

    private void end() {
        closed = true;
        running = false;
        cancelTimer();
        check.cancel();
    }

    private void begin() {
        if (closed) {
            return;
        }
        long now = System.nanoTime();
        long late = now - due;
        lateness.late(Duration.ofNanos(Math.max(0, late)));
        // What has been missed is not made up for.
        due = late > pace.interval().toNanos() ? now : due;
        running = true;
        long number = ++run;
        try {
            check.begin(pace.timeout(), result -> done(number, result));
            if (running && number == run) {
                // Set after the timers of the check, so that it comes after them.
                timer = loop.after(pace.timeout().plus(pace.margin()).toNanos(), this::overdue);
            }
        } catch (RuntimeException | Error e) {
            // A bug of ours. Without a result the health loop would not know.
            LINES.log(name, more -> LOG.error("{} failed; please report this{}", name, more, e));
            check.cancel();
            done(number, new CheckResult.Failed("internal error: " + e));
        }
    }

    private void overdue() {
        check.cancel();
        // The next run is not late: this one was hung.
        due = Math.max(due, System.nanoTime() - pace.interval().toNanos());
        done(run, Repeated.overdue(pace.timeout()));
    }

    private void done(long number, CheckResult result) {
        if (!running || number != run) {
            return;
        }
        running = false;
        cancelTimer();
        due += pace.interval().toNanos();
        timer = loop.after(due - System.nanoTime(), this::begin);
        loop.tell(() -> {
            if (!closed) {
                sink.accept(result);
            }
        });
    }

    private void cancelTimer() {
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
    }
}
