package org.anycastdns.announcer.host;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LongLived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the operator's program after each change, one run after the other. It has its own thread,
/// so no decision waits for the program.
public final class Hook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);

    private static final File NULL_DEVICE = new File("/dev/null");

    /// The maximum number of waiting runs. Further ones are dropped, with a line in the log.
    private static final int WAITING_MAX = 32;

    /// How long to wait at the end for the run after the last change, which is the withdrawal.
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ExecutorService executor =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING_MAX),
                    Thread.ofPlatform().daemon().name("hook").factory());

    /// Queues a run of the program.
    ///
    /// @param command the program and its arguments; empty runs nothing
    /// @param environment variables to add to its environment
    public void run(List<String> command, Duration limit, Map<String, String> environment) {
        if (command.isEmpty()) {
            return;
        }
        try {
            executor.execute(
                    () -> LongLived.contain("hook", () -> execute(command, limit, environment)));
        } catch (RejectedExecutionException _) {
            LOG.warn("hook {} not run: {} earlier runs wait", command.getFirst(), WAITING_MAX);
        }
    }

    /// Gives the waiting runs a moment to finish, then ends them.
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("hooks stopped: they take too long");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }

    private static void execute(
            List<String> command, Duration limit, Map<String, String> environment) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(NULL_DEVICE))
                        .redirectInput(Redirect.from(NULL_DEVICE));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                if (!process.waitFor(limit)) {
                    LOG.warn("hook {} killed after {} ms", command.getFirst(), limit.toMillis());
                } else if (process.exitValue() != 0) {
                    LOG.warn(
                            "hook {} failed with exit code {}",
                            command.getFirst(),
                            process.exitValue());
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.warn("hook {} cannot be run: {}", command.getFirst(), e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
