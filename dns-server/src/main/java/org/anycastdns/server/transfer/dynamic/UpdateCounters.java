package org.anycastdns.server.transfer.dynamic;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.server.wire.Rcode;

/// Counts UPDATEs by what became of them. Thread-safe.
public final class UpdateCounters {

    private final Map<Result, LongAdder> counts = new EnumMap<>(Result.class);

    /// What became of an UPDATE.
    enum Result {
        /// NOERROR, and the zone has a new serial.
        CHANGED,
        /// NOERROR, and the zone is as it was.
        UNCHANGED,
        /// The same request came again.
        REPEATED,
        /// A prerequisite did not hold.
        PREREQUISITE,
        /// The key may not make the change, or the zone takes none.
        REFUSED,
        /// There is no such zone.
        NOTAUTH,
        /// A record is outside the zone.
        NOTZONE,
        /// The request is malformed.
        FORMERR,
        /// Too many updates waited.
        BUSY,
        /// The change could not be stored, or the zone is not loaded.
        FAILED;

        /// Returns what an RCODE other than NOERROR means.
        static Result of(int rcode) {
            return switch (rcode) {
                case Rcode.FORMERR -> FORMERR;
                case Rcode.REFUSED -> REFUSED;
                case Rcode.NOTAUTH -> NOTAUTH;
                case Rcode.NOTZONE -> NOTZONE;
                case Rcode.NXDOMAIN, Rcode.YXDOMAIN, Rcode.NXRRSET, Rcode.YXRRSET -> PREREQUISITE;
                default -> FAILED;
            };
        }
    }

    UpdateCounters() {
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
