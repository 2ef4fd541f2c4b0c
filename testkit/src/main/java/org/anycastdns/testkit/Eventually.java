package org.anycastdns.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Polls for a state that sends no event of its own, such as a page of another process.
public final class Eventually {

    /// The polling interval: short compared with every limit, long compared with the cost of a
    /// poll.
    private static final long PAUSE_MILLIS = 50;

    private Eventually() {}

    /// Polls until the condition holds and returns the value that met it. A poll that throws, even
    /// an error, counts as one without a value.
    ///
    /// @param what name of the state for the failure message
    /// @param limit time after which the test fails with the last value seen
    public static <T> T seen(String what, Duration limit, Callable<T> look, Predicate<T> condition)
            throws InterruptedException {
        CompletableFuture<T> seen = new CompletableFuture<>();
        AtomicReference<Object> last = new AtomicReference<>("nothing");
        try (ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor()) {
            var _ =
                    poller.scheduleWithFixedDelay(
                            () -> {
                                try {
                                    T now = look.call();
                                    last.set(now);
                                    if (condition.test(now)) {
                                        seen.complete(now);
                                    }
                                } catch (Throwable failure) {
                                    // What leaves this task ends the polling without a word, also
                                    // an AssertionError.
                                    last.set(failure);
                                }
                            },
                            0,
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
            try {
                return seen.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException _) {
                throw new AssertionError(
                        what + ": not in " + limit + "; last seen:\n" + last.get());
            } finally {
                poller.shutdownNow();
            }
        }
    }
}
