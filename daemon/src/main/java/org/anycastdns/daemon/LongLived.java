package org.anycastdns.daemon;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the threads that live as long as the program, so that none of them ends unnoticed. The
/// program must not report "ready" while one of its loops is dead.
///
/// - {@link #vital}: an exception in the thread ends the process with {@link #EXIT_CODE}.
/// - {@link #restarted}: an exception in the thread is logged and counted, and its loop starts
///   again. It is for work that may pause briefly and that parses untrusted input.
/// - {@link #task}: the same as vital, for tasks in an executor or an event loop. Without it, such
///   a task fails silently; a timer, for example, would never fire again.
///
/// Any other thread that dies of an exception also ends the process, once {@link #guardProcess} has
/// been called.
public final class LongLived {

    /// The exit code of the process when a vital thread dies of an exception.
    public static final int EXIT_CODE = 1;

    /// Pause before a loop restarts: an immediately recurring fault must not fill the log or use up
    /// a core.
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    /// Restarts of one thread that are logged with a stack trace; later ones get one line.
    private static final int TRACES_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LongLived.class);

    private static final Map<String, AtomicLong> RESTARTS = new ConcurrentHashMap<>();

    /// What limits the lines of {@link #contain}: a client that asks for a page that fails would
    /// otherwise fill the log with stack traces. It is a class of its own, so that commands that
    /// contain nothing do not load it.
    private static final class Contained {

        private static final LogLimiter<String> LINES = new LogLimiter<>("internal_error");
    }

    private LongLived() {}

    /// Ends the process when any thread dies of an exception from now on.
    ///
    /// @param end runs in the dying thread after the log line; must end the process
    public static void guardProcess(Runnable end) {
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            try {
                LOG.error(
                        "internal error: thread {} died and the process exits with code {}; please"
                                + " report this",
                        thread.getName(),
                        EXIT_CODE,
                        fault);
            } finally {
                end.run();
            }
        });
    }

    /// Reverts {@link #guardProcess}.
    public static void releaseProcess() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    /// Creates an unstarted daemon thread that the program cannot do without.
    public static Thread vital(String name, Runnable loop) {
        return Thread.ofPlatform().daemon().name(name).unstarted(loop);
    }

    /// Creates an unstarted daemon thread whose loop starts again after an exception. An {@link
    /// Error} still ends the process.
    public static Thread restarted(String name, Runnable loop) {
        AtomicLong _ = restarts(name);
        return vital(
                name,
                () -> {
                    while (true) {
                        try {
                            loop.run();
                            return;
                        } catch (RuntimeException fault) {
                            restart(name, fault);
                        }
                    }
                });
    }

    private static void restart(String name, RuntimeException fault) {
        long count = restarts(name).incrementAndGet();
        String text =
                "internal error in thread {} ({} so far), which starts again; please report"
                        + " this";
        if (count <= TRACES_MAX) {
            LOG.error(text, name, count, fault);
        } else {
            LOG.error(text + ": {}", name, count, fault.toString());
        }
        LockSupport.parkNanos(RESTART_PAUSE.toNanos());
    }

    /// Runs a short task whose failure affects nothing else: an exception is counted, and logged
    /// once a minute at most.
    public static void contain(String name, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException fault) {
            long count = restarts(name).incrementAndGet();
            Contained.LINES.log(
                    name + " " + fault.getClass().getName(),
                    more ->
                            LOG.error(
                                    "internal error in {} ({} so far){}; please report this",
                                    name,
                                    count,
                                    more,
                                    fault));
        }
    }

    /// Wraps a task so that its exception counts as the death of its thread, for executors that
    /// would swallow it.
    public static Runnable task(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                die(fault);
                throw fault;
            }
        };
    }

    /// Treats the end of any event loop of a group as the death of its thread, unless the group is
    /// being closed. Netty itself only logs the cause and continues without the loop.
    ///
    /// @param closing returns whether the end is intended
    public static void watch(EventExecutorGroup loops, BooleanSupplier closing) {
        for (EventExecutor loop : loops) {
            var _ =
                    loop.terminationFuture()
                            .addListener(_ -> {
                                if (!closing.getAsBoolean()) {
                                    die(new IllegalStateException("an event loop ended: " + loop));
                                }
                            });
        }
    }

    /// Reports that the current thread can no longer do its work.
    public static void die(Throwable fault) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    }

    /// Returns the number of exceptions so far that did not end the process, by thread or task
    /// name.
    public static Map<String, Long> restarts() {
        Map<String, Long> counts = new TreeMap<>();
        RESTARTS.forEach((name, count) -> counts.put(name, count.get()));
        return counts;
    }

    private static AtomicLong restarts(String name) {
        return RESTARTS.computeIfAbsent(name, _ -> new AtomicLong());
    }
}
