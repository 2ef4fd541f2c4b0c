package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.load.QuerySet;
import org.anycastdns.benchmarks.transfer.DiscardingClient;
import org.anycastdns.benchmarks.transfer.SteadyClient;
import org.anycastdns.benchmarks.transfer.UpdateClient;
import org.anycastdns.server.wire.Name;

/// The rows about one zone of a primary: AXFR out, alone and ten at once, and UPDATE. As many
/// transfers as count, and some seconds of updates, come before what counts.
record PrimaryRows(TransferRun run) {

    /// Small zones are transferred several times, because their CPU time is small.
    private static final int OUT_NAMES = 1_000_000;

    private static final int OUT_MAX = 10;

    /// Transfers at once while answers are measured.
    private static final int AT_ONCE = 10;

    private static final double MEGA = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double P99 = 99;

    /// Measures how a server sends a zone.
    void send(Contestant contestant, TransferMaterial.Zone zone) throws IOException {
        try (TransferRun.Started started = run.start(run.servers().primary(contestant), zone)) {
            RunningServer server = started.server();
            int times = Math.clamp(OUT_NAMES / zone.part().size(), 1, OUT_MAX);
            var _ = axfr(server, zone, times);
            TransferRun.rest(server);
            long cpuMicros = -server.group().cpuMicros();
            DiscardingClient.Received received = axfr(server, zone, times);
            cpuMicros += server.group().cpuMicros();
            double megabytes = received.octets() / MEGA;
            run.add(
                    zone.part(),
                    contestant,
                    TransferFigure.AXFR_OUT_CPU,
                    megabytes / (cpuMicros / 1e6));
            run.add(
                    zone.part(),
                    contestant,
                    TransferFigure.AXFR_OUT,
                    megabytes / (received.nanos() / 1e9));
            QuerySet queries = run.material().queries(zone.part().size());
            var _ = answers(server, queries);
            run.add(
                    zone.part(),
                    contestant,
                    TransferFigure.ANSWERS_ALONE,
                    p99(answers(server, queries)));
            run.add(
                    zone.part(),
                    contestant,
                    TransferFigure.ANSWERS_BESIDE,
                    p99(answersBeside(server, zone, queries)));
            run.memory(zone.part(), contestant, TransferFigure.AXFR_OUT_MEMORY, server);
        }
    }

    private Histogram answers(RunningServer server, QuerySet queries) throws IOException {
        return SteadyClient.ask(
                server.address(),
                number -> queries.message(number % queries.size()),
                Duration.ofNanos((long) (run.options().seconds * 1e9)));
    }

    /// Measures answers while each of ten clients takes the zone again and again.
    private Histogram answersBeside(
            RunningServer server, TransferMaterial.Zone zone, QuerySet queries) throws IOException {
        AtomicBoolean ends = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            CompletableFuture<Integer> taken = new CompletableFuture<>();
            Thread.ofPlatform()
                    .daemon()
                    .name("discard-" + i)
                    .start(() -> take(server, zone, ends, taken));
            clients.add(taken);
        }
        try {
            return answers(server, queries);
        } finally {
            ends.set(true);
            int taken = 0;
            for (CompletableFuture<Integer> client : clients) {
                taken += joined(client);
            }
            run.say("  %d transfers meanwhile".formatted(taken));
        }
    }

    private static int joined(CompletableFuture<Integer> client) throws IOException {
        try {
            return client.join();
        } catch (CompletionException e) {
            throw new IOException("a transfer beside others failed: " + e.getCause(), e);
        }
    }

    private void take(
            RunningServer server,
            TransferMaterial.Zone zone,
            AtomicBoolean ends,
            CompletableFuture<Integer> taken) {
        int count = 0;
        try {
            while (!ends.get()) {
                var _ = axfr(server, zone, 1);
                count++;
            }
            taken.complete(count);
        } catch (IOException | RuntimeException e) {
            taken.completeExceptionally(e);
        }
    }

    private static double p99(Histogram nanos) {
        return (double) nanos.getValueAtPercentile(P99) / NANOS_PER_MICRO;
    }

    /// Transfers a zone several times, one after the other.
    private DiscardingClient.Received axfr(
            RunningServer server, TransferMaterial.Zone zone, int times) throws IOException {
        // Both SOA records.
        long records = zone.series().size() + 1L;
        long octets = 0;
        long nanos = 0;
        for (int i = 0; i < times; i++) {
            var received =
                    DiscardingClient.axfr(
                            server.address(), Name.of(zone.origin()), run.key(), records);
            octets += received.octets();
            nanos += received.nanos();
        }
        return new DiscardingClient.Received(octets, nanos);
    }

    /// Measures how often a client can change a zone.
    void update(Contestant contestant, TransferMaterial.Zone zone) throws IOException {
        try (TransferRun.Started started = run.start(run.servers().updated(contestant), zone);
                UpdateClient client =
                        new UpdateClient(
                                started.server().address(), Name.of(zone.origin()), run.key())) {
            var _ = client.inARow(nanos(run.options().warmUpSeconds));
            UpdateClient.Acknowledged counted = client.inARow(nanos(run.options().seconds));
            client.awaitServed(TransferRun.LIMIT);
            run.add(
                    zone.part(),
                    contestant,
                    TransferFigure.UPDATE,
                    counted.updates() / (counted.nanos() / 1e9));
        }
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
