package org.anycastdns.server.zone;

import java.util.function.IntConsumer;

/// Runs the parts of the work on one large zone, possibly in parallel.
@FunctionalInterface
public interface ParallelRunner {

    /// Runs all parts in the calling thread.
    ParallelRunner ALONE =
            (count, work) -> {
                for (int i = 0; i < count; i++) {
                    work.accept(i);
                }
            };

    /// Runs each part once, in any order, possibly on several threads. Returns when all parts are
    /// done, or throws what one of them threw.
    ///
    /// @param work receives the numbers from 0 to `count - 1`
    void each(int count, IntConsumer work);
}
