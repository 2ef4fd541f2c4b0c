package org.anycastdns.server.ops;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.anycastdns.server.serve.WorkerCounters;

/// The state of the sockets and their workers.
///
/// @param engine the engine that carries datagrams, including the transport in use
/// @param threads how many threads the engine was given, as in the configuration
/// @param listening the addresses that have sockets, as HOST:PORT
/// @param absent the configured addresses that clients cannot reach now
/// @param workerCounters the counters of all workers
/// @param tcpConnections the number of open connections now
/// @param tcpNetworks how many client networks are remembered for their connections
/// @param tcpClients the client networks with the most connections, as JSON objects of `/status`
/// @param counters other socket counters so far, by metric name without "_total"
/// @param tcpClosed TCP connections that ended so far, by reason
/// @param workers runs a task on each worker thread, to check that it still works
public record Traffic(
        String engine,
        int threads,
        List<String> listening,
        Supplier<List<String>> absent,
        Supplier<List<WorkerCounters>> workerCounters,
        IntSupplier tcpConnections,
        IntSupplier tcpNetworks,
        Supplier<List<Map<String, Object>>> tcpClients,
        Supplier<Map<String, Long>> counters,
        Supplier<Map<String, Long>> tcpClosed,
        List<Executor> workers) {

    /// The state before any socket is bound.
    static final Traffic NONE =
            new Traffic(
                    "none", 0, List.of(), List::of, List::of, () -> 0, () -> 0, List::of, Map::of,
                    Map::of, List.of());

    /// Returns the number of responses that all workers have sent so far.
    long answered() {
        int buckets = WorkerCounters.bucketNanos().length + 1;
        long count = 0;
        for (WorkerCounters counters : workerCounters.get()) {
            for (int bucket = 0; bucket < buckets; bucket++) {
                count += counters.responseTimes(bucket);
            }
        }
        return count;
    }
}
