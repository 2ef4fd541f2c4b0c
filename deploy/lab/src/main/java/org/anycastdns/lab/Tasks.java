package org.anycastdns.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.anycastdns.lab.engine.LabException;

/// Doing things at the same time, and waiting for them.
final class Tasks {

    /// Polling interval.
    private static final long LOOK_NANOS = 200_000_000;

    private Tasks() {}

    /// Runs tasks concurrently and returns their results in order.
    static <T> List<T> together(List<Callable<T>> tasks) {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : tasks.stream().map(threads::submit).toList()) {
                results.add(result.get());
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof LabException sentence) {
                throw sentence;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
        return results;
    }

    /// Polls a condition.
    ///
    /// @return whether it held within the limit
    static boolean await(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
