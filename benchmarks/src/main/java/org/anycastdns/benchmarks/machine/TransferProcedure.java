package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Place;
import org.anycastdns.benchmarks.compare.Statistic;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.compare.TransferResults;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.compare.TransferServers;
import org.anycastdns.benchmarks.transfer.CannedPrimary;
import org.anycastdns.benchmarks.transfer.DiscardingClient;
import org.anycastdns.benchmarks.transfer.PreparedVersion;
import org.anycastdns.benchmarks.transfer.SerialPoll;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;

/// The order of all measurements of transfers. In each round, for each zone, one server after the
/// other is started alone, first as secondary, then as primary; each round begins with another
/// server.
///
/// A secondary starts with a version of a few records. NOTIFY then tells it of the whole zone, and
/// after a rest of each change. So every server transfers when it is up and idle, whatever its
/// start costs.
final class TransferProcedure {

    /// Records that an IXFR replaces.
    private static final int CHANGED_RECORDS = 100;

    /// Changes per round; the round's value is their median.
    private static final int CHANGES = 5;

    /// NSD collects changes for a second by default. Each rest takes half a second at least.
    private static final int RESTS = 3;

    /// Small zones are transferred several times, because their CPU time is small.
    private static final int OUT_NAMES = 1_000_000;

    private static final int OUT_MAX = 10;
    private static final int SECRET_OCTETS = 32;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final double MEGA = 1e6;

    /// Zones that must be answered for before a restart counts as complete. They are spread evenly.
    /// More would measure the queries.
    private static final int RESTART_PROBES = 200;

    private final CompareOptions options;
    private final RunningServer.Site site;
    private final List<Contestant> contestants;
    private final TransferMaterial material;
    private final TransferResults results;
    private final PrintStream log;
    private final TransferServers servers;
    private final TsigKey key;
    private final InetSocketAddress own =
            new InetSocketAddress(InetAddress.ofLiteral(Network.generator()), Network.PORT);

    /// Creates a procedure.
    ///
    /// @param contestants the servers; those that cannot take part are left out
    /// @param folder the folder of the run
    TransferProcedure(
            CompareOptions options,
            RunningServer.Site site,
            List<Contestant> contestants,
            Path folder,
            TransferResults results,
            PrintStream log) {
        this.options = options;
        this.site = site;
        this.contestants = contestants.stream().filter(TransferServers::knows).toList();
        this.material = new TransferMaterial(folder);
        this.results = results;
        this.log = log;
        byte[] secret = new byte[SECRET_OCTETS];
        new SecureRandom().nextBytes(secret);
        key = new TsigKey(Name.of(TransferServers.KEY), TsigAlgorithm.HMAC_SHA256, secret);
        servers =
                new TransferServers(
                        Network.generator(),
                        Network.PORT,
                        Base64.getEncoder().encodeToString(secret));
    }

    /// Measures everything.
    ///
    /// @param finished called with the round's number after each round, so results can be read
    ///   early
    void run(Procedure.Finished finished) throws IOException {
        for (int round = 1; round <= options.rounds; round++) {
            List<Contestant> turn = new ArrayList<>(contestants);
            Collections.rotate(turn, 1 - round);
            for (int names : options.names) {
                TransferMaterial.Zone zone = material.delegations(names);
                receive(round, zone, turn, CHANGED_RECORDS);
                for (Contestant contestant : turn) {
                    send(contestant, zone);
                }
            }
            receive(round, material.small(), turn, 1);
            if (options.restartZones > 0) {
                restart(round, turn);
            }
            finished.write(round);
        }
    }

    /// Measures all servers as secondaries.
    private void receive(
            int round, TransferMaterial.Zone zone, List<Contestant> turn, int changedRecords)
            throws IOException {
        say("round %d of %d, %s".formatted(round, options.rounds, zone.part().title()));
        try (CannedPrimary primary = new CannedPrimary(own, key)) {
            for (Contestant contestant : turn) {
                receive(primary, contestant, zone, changedRecords);
            }
        }
    }

    /// A running server, whose folder is deleted with it.
    private record Subject(RunningServer server, Path folder) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            server.group().close();
            TransferMaterial.delete(folder);
        }
    }

    private Subject start(Contestant contestant, TransferMaterial.Zone zone) throws IOException {
        Path folder = material.folder().resolve(contestant.name());
        Place place = place(contestant, folder, zone.folder(), zone.files());
        List<String> probes = List.of(zone.origin());
        Subject subject = new Subject(RunningServer.start(site, contestant, place, probes), folder);
        subject.server().group().thaw();
        return subject;
    }

    private Place place(
            Contestant contestant, Path folder, Path zoneFolder, Map<String, String> files) {
        int index = contestants.stream().map(Contestant::name).toList().indexOf(contestant.name());
        return new Place(
                Network.server(index),
                Network.PORT,
                folder.toString(),
                zoneFolder.toString(),
                files,
                false);
    }

    /// Measures a server as secondary.
    private void receive(
            CannedPrimary primary, Contestant contestant, TransferMaterial.Zone zone, int count)
            throws IOException {
        CompletableFuture<CannedPrimary.Sent> first = primary.publish(zone.series().first());
        try (Subject subject = start(servers.secondary(contestant), zone)) {
            var _ = await(first, primary);
            rest(subject.server());
            Transferred whole = transfer(primary, subject.server(), zone.whole());
            add(zone.part(), contestant, TransferFigure.AXFR_IN, whole.servedMillis());
            CannedPrimary.Sent sent = whole.sent();
            add(
                    zone.part(),
                    contestant,
                    TransferFigure.AXFR_IN_WIRE,
                    (sent.lastOctetNanos() - sent.askedNanos()) / 1e6);
            memory(zone.part(), contestant, TransferFigure.AXFR_IN_MEMORY, subject.server());
            List<Double> served = new ArrayList<>();
            List<Double> notified = new ArrayList<>();
            for (int number = 1; number <= CHANGES; number++) {
                rest(subject.server());
                PreparedVersion change = zone.series().change(number, count);
                Transferred changed = transfer(primary, subject.server(), change);
                if (!changed.sent().changes()) {
                    throw new IOException(contestant.title() + " did not ask for the changes");
                }
                served.add(changed.servedMillis());
                notified.add(changed.notifiedMillis());
            }
            add(zone.part(), contestant, TransferFigure.IXFR_IN, Statistic.of(served).median());
            add(zone.part(), contestant, TransferFigure.NOTIFIED, Statistic.of(notified).median());
            say(
                    "%s as secondary: AXFR %.1f ms, IXFR %s ms, from NOTIFY %s ms"
                            .formatted(contestant.title(), whole.servedMillis(), served, notified));
        }
    }

    /// A version that has arrived.
    private record Transferred(
            CannedPrimary.Sent sent, double servedMillis, double notifiedMillis) {}

    /// Tells a secondary of a version, and waits until it serves it.
    private Transferred transfer(
            CannedPrimary primary, RunningServer server, PreparedVersion version)
            throws IOException {
        CompletableFuture<CannedPrimary.Sent> under = primary.publish(version);
        long notifiedNanos = primary.notify(server.address(), version);
        CannedPrimary.Sent sent = await(under, primary);
        long servedNanos =
                SerialPoll.await(server.address(), version.zone(), version.serial(), LIMIT);
        return new Transferred(
                sent,
                (servedNanos - sent.lastOctetNanos()) / 1e6,
                (servedNanos - notifiedNanos) / 1e6);
    }

    private static CannedPrimary.Sent await(
            CompletableFuture<CannedPrimary.Sent> sent, CannedPrimary primary) throws IOException {
        try {
            return sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException(
                    "the zone was not transferred within %d s %s"
                            .formatted(LIMIT.toSeconds(), primary.refused()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Lets a server finish what it does after a transfer, such as writing files.
    private static void rest(RunningServer server) throws IOException {
        for (int i = 0; i < RESTS; i++) {
            RunningServer.awaitRest(server.group());
        }
    }

    /// Measures a server as primary. As many transfers as count warm it up before.
    private void send(Contestant contestant, TransferMaterial.Zone zone) throws IOException {
        // Both SOA records.
        long records = zone.series().size() + 1L;
        Name name = Name.of(zone.origin());
        try (Subject subject = start(servers.primary(contestant), zone)) {
            RunningServer server = subject.server();
            int times = Math.clamp(OUT_NAMES / zone.part().size(), 1, OUT_MAX);
            var _ = axfr(server, name, records, times);
            rest(server);
            long cpuMicros = -server.group().cpuMicros();
            DiscardingClient.Received received = axfr(server, name, records, times);
            cpuMicros += server.group().cpuMicros();
            double perCpu = received.octets() / (cpuMicros / 1e6) / MEGA;
            double perSecond = received.octets() / (received.nanos() / 1e9) / MEGA;
            add(zone.part(), contestant, TransferFigure.AXFR_OUT_CPU, perCpu);
            add(zone.part(), contestant, TransferFigure.AXFR_OUT, perSecond);
            memory(zone.part(), contestant, TransferFigure.AXFR_OUT_MEMORY, server);
            say(
                    "%s as primary: %.1f MB per second of CPU, %.1f MB/s"
                            .formatted(contestant.title(), perCpu, perSecond));
        }
    }

    /// Transfers a zone several times, one after the other.
    private DiscardingClient.Received axfr(RunningServer server, Name zone, long records, int times)
            throws IOException {
        long octets = 0;
        long nanos = 0;
        for (int i = 0; i < times; i++) {
            var received = DiscardingClient.axfr(server.address(), zone, key, records);
            octets += received.octets();
            nanos += received.nanos();
        }
        return new DiscardingClient.Received(octets, nanos);
    }

    /// Measures starts of this project's server with many zones: from its state folder, with no
    /// primary, and from an image.
    private void restart(int round, List<Contestant> turn) throws IOException {
        for (Contestant contestant : turn) {
            if (contestant.name().equals(Contestant.OURS)) {
                say("round %d of %d, restart".formatted(round, options.rounds));
                restart(contestant, material.zones(options.restartZones));
            }
        }
    }

    private void restart(Contestant ours, TransferMaterial.Zones zones) throws IOException {
        Path folder = material.folder().resolve("restart");
        Place place = place(ours, folder, zones.folder(), zones.files());
        Contestant secondary = servers.secondary(ours);
        try (CannedPrimary primary = new CannedPrimary(own, key)) {
            for (PreparedVersion version : zones.versions()) {
                var _ = primary.publish(version);
            }
            RunningServer filled = RunningServer.start(site, secondary, place, zones.origins());
            filled.group().close();
        }
        add(zones.part(), ours, TransferFigure.RESTART, start(secondary, place, zones));
        TransferMaterial.delete(folder);
        Contestant image = TransferServers.image(ours);
        add(zones.part(), ours, TransferFigure.IMAGE_START, start(image, place, zones));
        TransferMaterial.delete(folder);
    }

    /// Returns how long a start takes, and checks that really all zones are served.
    private double start(Contestant ours, Place place, TransferMaterial.Zones zones)
            throws IOException {
        RunningServer server = RunningServer.start(site, ours, place, zones.probes(RESTART_PROBES));
        try {
            server.group().thaw();
            FirstAnswer.await(server.address(), zones.origins(), false, LIMIT, () -> true);
        } finally {
            server.group().close();
        }
        say("all served after %.0f ms".formatted(server.firstAnswerMillis()));
        return server.firstAnswerMillis();
    }

    private void memory(
            Part part, Contestant contestant, TransferFigure figure, RunningServer server)
            throws IOException {
        add(part, contestant, figure, server.group().peakMemory() / MEGA);
    }

    private void add(Part part, Contestant contestant, TransferFigure figure, double value) {
        results.add(part, contestant.name(), figure, value);
    }

    private void say(String line) {
        log.println("benchmarks compare: " + line);
    }
}
