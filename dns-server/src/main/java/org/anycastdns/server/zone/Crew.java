package org.anycastdns.server.zone;

import java.util.function.IntConsumer;

/// Who shares the work on one large zone.
@FunctionalInterface
public interface Crew {

    /// Nobody but the caller.
    Crew ALONE =
            (count, work) -> {
                for (int i = 0; i < count; i++) {
                    work.accept(i);
                }
            };

    /// Carries out pieces of work, each once, in no order, perhaps on many threads; returns when
    /// all are done, or throws what one of them threw.
    ///
    /// @param work gets the numbers from 0 to one less than the count
    void each(int count, IntConsumer work);
}
