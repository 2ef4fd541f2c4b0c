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

/// Makes the threads that live as long as the program, so that none of them ends unseen: nothing
/// may say "ready" over a dead loop.
///
/// - {@link #vital}: an exception in it ends the process with {@link #EXIT_CODE}.
/// - {@link #restarted}: an exception in it is logged and counted, and it begins anew. For what the
///   program can do without for a moment, and what reads the words of strangers.
/// - {@link #task}: the same as vital for tasks that an executor or an event loop would fail
///   without a word, such as a timer, which then never fires again.
///
/// Every other thread that dies of an exception ends the process too, once {@link #guardProcess}
/// was called.
public final class LongLived {

    /// What the process ends with when a vital thread dies of an exception.
    public static final int EXIT_CODE = 1;

    /// Between the end of a restarted thread's loop and its next beginning: a fault that comes back
    /// at once must not fill the log or a core.
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    /// Restarts of one thread that are logged with their stack trace; later ones with a line.
    private static final int TRACES_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LongLived.class);

    private static final Map<String, AtomicLong> RESTARTS = new ConcurrentHashMap<>();

    private LongLived() {}

    /// Ends the process when any thread dies of an exception from now on.
    ///
    /// @param end is run in the dying thread after the log line; must end the process
    public static void guardProcess(Runnable end) {
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            try {
                LOG.error(
                        "internal error: thread {} died, the process ends with {}; please report"
                                + " this",
                        thread.getName(),
                        EXIT_CODE,
                        fault);
            } finally {
                end.run();
            }
        });
    }

    /// Takes {@link #guardProcess} back.
    public static void releaseProcess() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    /// A daemon thread, not started, that the program cannot do without.
    public static Thread vital(String name, Runnable loop) {
        return Thread.ofPlatform().daemon().name(name).unstarted(loop);
    }

    /// A daemon thread, not started, whose loop begins anew when an exception ends it. An {@link
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
        String text = "internal error in thread {} ({} so far): it begins anew; please report this";
        if (count <= TRACES_MAX) {
            LOG.error(text, name, count, fault);
        } else {
            LOG.error(text + ": {}", name, count, fault.toString());
        }
        LockSupport.parkNanos(RESTART_PAUSE.toNanos());
    }

    /// Runs a short task whose failure costs nothing but itself: an exception is logged and
    /// counted.
    public static void contain(String name, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException fault) {
            long count = restarts(name).incrementAndGet();
            LOG.error("internal error in {} ({} so far); please report this", name, count, fault);
        }
    }

    /// A task that reports its exception as its thread's death, for executors that would keep it to
    /// themselves.
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

    /// Reports the end of any event loop of a group as its thread's death, unless the group is
    /// being closed: Netty logs what ended it and goes on without it.
    ///
    /// @param closing whether the end is meant
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

    /// Reports that the thread this runs on cannot do its work any longer.
    public static void die(Throwable fault) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    }

    /// Exceptions so far that did not end the process, by the name of the thread or task.
    public static Map<String, Long> restarts() {
        Map<String, Long> counts = new TreeMap<>();
        RESTARTS.forEach((name, count) -> counts.put(name, count.get()));
        return counts;
    }

    private static AtomicLong restarts(String name) {
        return RESTARTS.computeIfAbsent(name, _ -> new AtomicLong());
    }
}
