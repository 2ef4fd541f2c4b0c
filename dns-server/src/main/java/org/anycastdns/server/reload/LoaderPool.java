package org.anycastdns.server.reload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.anycastdns.server.zone.ParallelRunner;
import org.jspecify.annotations.Nullable;

/// A pool with one thread per core that loads zones: many zones in parallel, and large ones with
/// several threads each.
///
/// A thread never waits for a helper that has not started. So helpers may be busy with other zones,
/// and threads that load zones may also be helpers.
public final class LoaderPool implements ParallelRunner, AutoCloseable {

    private final int size = Runtime.getRuntime().availableProcessors();
    private final ThreadPoolExecutor threads;

    /// Creates a pool for a load.
    LoaderPool() {
        this("load");
    }

    /// Creates a pool.
    ///
    /// @param name the names of the threads begin with it
    public LoaderPool(String name) {
        threads =
                new ThreadPoolExecutor(
                        size,
                        size,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    }

    /// Runs a task on a thread of the pool.
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /// Adds threads to replace those that wait for a file. The pool never shrinks.
    ///
    /// @param count threads beyond one per core
    void spare(int count) {
        int wanted = size + count;
        if (wanted > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(wanted);
            threads.setCorePoolSize(wanted);
        }
    }

    /// Returns the number of threads that the pool may have.
    int threads() {
        return threads.getMaximumPoolSize();
    }

    /// Drops the tasks that no thread has started.
    void dropWaiting() {
        threads.getQueue().clear();
    }

    @Override
    public void each(int count, IntConsumer work) {
        if (count <= 1) {
            ParallelRunner.ALONE.each(count, work);
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

    /// Waits even if interrupted: running tasks finish soon, and none may be left half done.
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

    /// Shuts the pool down. Threads that still wait for a file end when the file system answers.
    @Override
    public void close() {
        threads.shutdown();
    }
}
