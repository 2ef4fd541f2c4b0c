package org.anycastdns.server.transfer.secondary;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.anycastdns.server.transfer.TransferFailure;
import org.anycastdns.server.transfer.TransferResult;

/// Counts what happens between a secondary and its primaries. Any thread may use it. The labels are
/// few and fixed.
public final class TransferCounters {

    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> transfers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> octets = new ConcurrentHashMap<>();

    TransferCounters() {
        for (String kind : new String[] {"axfr", "ixfr"}) {
            transferred(kind, 0, 0);
        }
    }

    void answered(TransferResult result) {
        request(label(result));
    }

    private static String label(TransferResult result) {
        return switch (result) {
            case TransferResult.UpToDate _ -> "up-to-date";
            case TransferResult.Behind _ -> "behind";
            case TransferResult.Failed(TransferFailure failure, String _) ->
                    failure.name().toLowerCase(Locale.ROOT);
            case TransferResult.Whole _, TransferResult.Changes _ -> "newer";
        };
    }

    void request(String result) {
        add(requests, result, 1);
    }

    void transferred(String kind, long count, long messageOctets) {
        add(transfers, kind, count);
        add(octets, kind, messageOctets);
    }

    private static void add(Map<String, LongAdder> counts, String label, long count) {
        counts.computeIfAbsent(label, _ -> new LongAdder()).add(count);
    }

    /// Returns the requests to primaries, by result.
    public Map<String, Long> requests() {
        return sums(requests);
    }

    /// Returns the versions that came and are served, by kind.
    public Map<String, Long> transfers() {
        return sums(transfers);
    }

    /// Returns the octets of these transfers, by kind.
    public Map<String, Long> octets() {
        return sums(octets);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((label, count) -> sums.put(label, count.sum()));
        return sums;
    }
}
