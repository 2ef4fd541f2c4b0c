package org.anycastdns.server.ops;

import java.util.List;
import java.util.concurrent.Executor;

/// Checks whether every worker still works. Each worker gets a small task, and the next one once it
/// has completed that. A worker that hangs or has ended never completes its task and counts as
/// silent.
///
/// Owned by one thread; each worker writes one volatile field.
final class Pulse {

    /// Longer than pauses of the garbage collector and of a busy machine, and short enough for the
    /// announcer to withdraw within two seconds.
    static final long SILENCE_NANOS_MAX = 500_000_000;

    private static final class Worker {
        private final Executor executor;
        private volatile boolean answered = true;
        private long lastNanos;

        Worker(Executor executor, long nowNanos) {
            this.executor = executor;
            this.lastNanos = nowNanos;
        }

        private void answer() {
            answered = true;
        }
    }

    private List<Executor> felt = List.of();
    private List<Worker> workers = List.of();

    /// Returns whether all workers have responded recently, and sends the next tasks.
    boolean beats(List<Executor> executors, long nowNanos) {
        if (!executors.equals(felt)) {
            felt = executors;
            workers = executors.stream().map(each -> new Worker(each, nowNanos)).toList();
        }
        boolean alive = true;
        for (Worker worker : workers) {
            if (worker.answered) {
                worker.lastNanos = nowNanos;
                worker.answered = false;
                try {
                    worker.executor.execute(worker::answer);
                } catch (java.util.concurrent.RejectedExecutionException e) {
                    // The worker has ended and will never respond.
                    worker.answered = false;
                }
            }
            alive &= nowNanos - worker.lastNanos <= SILENCE_NANOS_MAX;
        }
        return alive;
    }
}
