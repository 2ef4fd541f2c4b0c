package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Statistic;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.compare.TransferRow;
import org.anycastdns.benchmarks.transfer.CannedPrimary;
import org.anycastdns.benchmarks.transfer.PreparedVersion;
import org.anycastdns.benchmarks.transfer.SerialPoll;

/// The rows about one zone that arrives: AXFR in, IXFR in, and NOTIFY to served.
///
/// A secondary starts with a version of a few records. NOTIFY then tells it of the whole zone, and
/// after a rest of each change. So every server transfers when it is up and idle, whatever its
/// start costs. The AXFR is the first that a server does after its start. Some changes come before
/// those that count, because a secondary in service has applied changes before.
record SecondaryRows(TransferRun run) {

    /// Records that an IXFR replaces.
    static final int CHANGED_RECORDS = 100;

    /// Changes that do not count.
    private static final int CHANGES_BEFORE = 10;

    /// Changes per round; the round's value is their median.
    private static final int CHANGES = 5;

    private static final double NANOS_PER_MILLI = 1e6;

    /// A version that has arrived.
    ///
    /// @param servedMillis from the last octet to the first answer
    /// @param notifiedMillis from NOTIFY to the first answer
    record Arrived(CannedPrimary.Sent sent, double servedMillis, double notifiedMillis) {}

    /// Measures a server.
    ///
    /// @param changedRecords records that a change replaces
    void measure(Contestant contestant, TransferMaterial.Zone zone, int changedRecords)
            throws IOException {
        try (CannedPrimary primary = run.primary();
                TransferRun.Started started = begin(run, primary, contestant, zone)) {
            RunningServer server = started.server();
            Arrived whole = arrive(primary, server, zone.whole());
            if (zone.isLarge()) {
                run.add(zone.part(), contestant, TransferFigure.AXFR_IN, whole.servedMillis());
                CannedPrimary.Sent sent = whole.sent();
                double wire = (sent.lastOctetNanos() - sent.askedNanos()) / NANOS_PER_MILLI;
                run.add(zone.part(), contestant, TransferFigure.AXFR_IN_WIRE, wire);
                run.memory(zone.part(), contestant, TransferFigure.AXFR_IN_MEMORY, server);
            }
            if (run.measures(zone.isLarge() ? TransferRow.IXFR : TransferRow.NOTIFY)) {
                changes(primary, server, contestant, zone, changedRecords);
            }
        }
    }

    /// Starts a secondary that has the first version.
    static TransferRun.Started begin(
            TransferRun run,
            CannedPrimary primary,
            Contestant contestant,
            TransferMaterial.Zone zone)
            throws IOException {
        CompletableFuture<CannedPrimary.Sent> first = primary.publish(zone.series().first());
        TransferRun.Started started = run.start(run.servers().secondary(contestant), zone);
        try {
            var _ = await(first, primary);
            TransferRun.rest(started.server());
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    private void changes(
            CannedPrimary primary,
            RunningServer server,
            Contestant contestant,
            TransferMaterial.Zone zone,
            int changedRecords)
            throws IOException {
        List<Double> served = new ArrayList<>();
        List<Double> notified = new ArrayList<>();
        TransferRun.rest(server);
        for (int number = 1; number <= CHANGES_BEFORE + CHANGES; number++) {
            PreparedVersion change = zone.series().change(number, changedRecords);
            boolean counts = number > CHANGES_BEFORE;
            if (counts) {
                TransferRun.rest(server);
            }
            Arrived changed = arrive(primary, server, change);
            if (counts && !changed.sent().changes()) {
                throw new IOException("it did not ask for the changes");
            }
            if (counts) {
                served.add(changed.servedMillis());
                notified.add(changed.notifiedMillis());
            }
        }
        if (zone.isLarge()) {
            double median = Statistic.of(served).median();
            run.add(zone.part(), contestant, TransferFigure.IXFR_IN, median);
        } else {
            double median = Statistic.of(notified).median();
            run.add(zone.part(), contestant, TransferFigure.NOTIFIED, median);
        }
    }

    /// Tells a secondary of a version, and waits until it serves it.
    static Arrived arrive(CannedPrimary primary, RunningServer server, PreparedVersion version)
            throws IOException {
        CompletableFuture<CannedPrimary.Sent> under = primary.publish(version);
        long notifiedNanos = primary.notify(server.address(), version);
        CannedPrimary.Sent sent = await(under, primary);
        long servedNanos =
                SerialPoll.await(
                        server.address(), version.zone(), version.serial(), TransferRun.LIMIT);
        return new Arrived(
                sent,
                (servedNanos - sent.lastOctetNanos()) / NANOS_PER_MILLI,
                (servedNanos - notifiedNanos) / NANOS_PER_MILLI);
    }

    private static CannedPrimary.Sent await(
            CompletableFuture<CannedPrimary.Sent> sent, CannedPrimary primary) throws IOException {
        try {
            return sent.get(TransferRun.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException(
                    "the zone was not transferred within %d s %s"
                            .formatted(TransferRun.LIMIT.toSeconds(), primary.refused()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
