package org.anycastdns.server.reload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.anycastdns.server.zone.Crew;
import org.jspecify.annotations.Nullable;

/// A thread for each core that load zones: many zones at the same time, and large ones together.
///
/// Nobody waits for a helper that has not begun, so the helpers may be busy with other zones, and
/// those that work on other zones may be helpers here.
final class LoadingCrew implements Crew, AutoCloseable {

    private final int size = Runtime.getRuntime().availableProcessors();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    size,
                    size,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().name("load-", 0).daemon().factory());

    /// Has a thread do something of its own.
    void execute(Runnable task) {
        threads.execute(task);
    }

    /// Has so many threads more, in place of those that wait for a file.
    void spare(int count) {
        int wanted = size + count;
        if (wanted > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(wanted);
            threads.setCorePoolSize(wanted);
        }
    }

    /// Threads at work and in waiting.
    int threads() {
        return threads.getMaximumPoolSize();
    }

    /// Forgets what no thread has begun.
    void dropWaiting() {
        threads.getQueue().clear();
    }

    @Override
    public void each(int count, IntConsumer work) {
        if (count <= 1) {
            Crew.ALONE.each(count, work);
            return;
        }
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
            threads.execute(share);
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

    /// Lets the threads go; those that still wait for a file end when that answers.
    @Override
    public void close() {
        threads.shutdown();
    }
}
