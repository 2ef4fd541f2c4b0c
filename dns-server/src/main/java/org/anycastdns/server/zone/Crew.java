package org.anycastdns.server.zone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Threads that share the work on one large zone: the one that asks, and helpers when they are
/// free.
///
/// Nobody waits for a helper that has not begun, so the helpers may be busy with other zones, and
/// those that work on other zones may be helpers here.
///
/// @param helpers runs what it is given, at once or never
/// @param size threads that are worth asking, the caller among them
public record Crew(Executor helpers, int size) {

    /// Nobody but the caller.
    public static final Crew ALONE = new Crew(Runnable::run, 1);

    /// Carries out pieces of work, each once, in no order; returns when all are done.
    ///
    /// @param work gets the numbers from 0 to one less than the count
    public void each(int count, IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(count);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable share =
                () -> {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        try {
                            work.accept(i);
                        } catch (RuntimeException | Error e) {
                            failure.compareAndSet(null, e);
                        } finally {
                            done.countDown();
                        }
                    }
                };
        for (int i = 1; i < Math.min(size, count); i++) {
            helpers.execute(share);
        }
        share.run();
        await(done);
        switch (failure.get()) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException("no other is caught");
        }
    }

    /// What was begun is finished soon, and nothing may be left half done.
    private static void await(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
