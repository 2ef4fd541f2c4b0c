package org.anycastdns.server.reload;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    size, Thread.ofPlatform().name("load-", 0).daemon().factory());

    /// Has a thread do something of its own.
    <T> Future<T> submit(Callable<T> task) {
        return threads.submit(task);
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

    @Override
    public void close() {
        threads.close();
    }
}
