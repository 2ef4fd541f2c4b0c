package org.anycastdns.server.transfer.forward;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Counts UPDATEs for primaries by what became of them. Thread-safe.
public final class ForwardCounters {

    private final Map<Result, LongAdder> counts = new EnumMap<>(Result.class);

    /// What became of an UPDATE for a primary.
    enum Result {
        /// A primary answered, whatever it said.
        ANSWERED,
        /// The same request was on its way already.
        REPEATED,
        /// It was not signed.
        REFUSED,
        /// Too many were on their way.
        BUSY,
        /// No primary answered.
        FAILED
    }

    ForwardCounters() {
        for (Result each : Result.values()) {
            counts.put(each, new LongAdder());
        }
    }

    void count(Result result) {
        Objects.requireNonNull(counts.get(result)).increment();
    }

    /// Returns the counts by result.
    public Map<String, Long> counts() {
        Map<String, Long> sums = new LinkedHashMap<>();
        counts.forEach(
                (each, count) -> sums.put(each.name().toLowerCase(Locale.ROOT), count.sum()));
        return sums;
    }
}
