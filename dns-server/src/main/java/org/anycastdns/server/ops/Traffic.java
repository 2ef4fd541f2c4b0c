package org.anycastdns.server.ops;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.anycastdns.server.serve.Tally;

/// What is known about the sockets and those who work on them.
///
/// @param engine what carries datagrams, with the transport that is really used
/// @param listening the addresses, as HOST:PORT
/// @param absent those of them that are not on this host
/// @param tallies the counters of all workers
/// @param tcpConnections open ones now
/// @param counters further counts of the sockets so far, by metric name without "_total"
/// @param tcpClosed TCP connections that ended so far, by reason
/// @param workers runs a task on each thread that answers queries, so that its pulse can be felt
public record Traffic(
        String engine,
        List<String> listening,
        Supplier<List<String>> absent,
        Supplier<List<Tally>> tallies,
        IntSupplier tcpConnections,
        Supplier<Map<String, Long>> counters,
        Supplier<Map<String, Long>> tcpClosed,
        List<Executor> workers) {

    /// Before any socket is bound.
    static final Traffic NONE =
            new Traffic(
                    "none", List.of(), List::of, List::of, () -> 0, Map::of, Map::of, List.of());

    /// Responses sent so far, by all workers.
    long answered() {
        int buckets = Tally.bucketNanos().length + 1;
        long count = 0;
        for (Tally tally : tallies.get()) {
            for (int bucket = 0; bucket < buckets; bucket++) {
                count += tally.responseTimes(bucket);
            }
        }
        return count;
    }
}
