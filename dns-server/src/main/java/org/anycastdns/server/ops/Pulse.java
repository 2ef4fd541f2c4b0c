package org.anycastdns.server.ops;

import java.util.List;
import java.util.concurrent.Executor;

/// Feels whether every worker still works: each is given a tiny task, the next one when it has done
/// that. A worker that hangs or is gone never does it, and falls silent.
///
/// Owned by one thread; the workers write one volatile number each.
final class Pulse {

    /// Longer than the pauses of the garbage collector and a busy machine, and short enough for the
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

    /// Whether all workers answered lately, and asks them again.
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
                    // It has ended: it never answers.
                    worker.answered = false;
                }
            }
            alive &= nowNanos - worker.lastNanos <= SILENCE_NANOS_MAX;
        }
        return alive;
    }
}
