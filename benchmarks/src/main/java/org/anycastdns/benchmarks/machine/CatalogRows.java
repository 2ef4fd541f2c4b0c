package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Place;
import org.anycastdns.benchmarks.compare.Statistic;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.compare.TransferRow;
import org.anycastdns.benchmarks.compare.TransferServers;
import org.anycastdns.benchmarks.transfer.CannedPrimary;
import org.anycastdns.benchmarks.transfer.CatalogSeries;
import org.anycastdns.benchmarks.transfer.PreparedVersion;
import org.anycastdns.server.wire.Name;

/// The rows about many small zones, which a catalog lists: how fast they come, and how fast a
/// server starts with them when no primary can be reached. Nothing comes before what counts: a new
/// PoP fetches its zones right after its start.
record CatalogRows(TransferRun run) {

    /// Peers that follow catalogs take minutes for many zones.
    private static final Duration LIMIT = Duration.ofMinutes(15);

    /// Zones that must be answered for before all count as served. They are spread evenly. More
    /// would measure the queries. All are looked at afterwards.
    private static final int PROBES = 200;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KILO = 1e3;

    /// Measures a server.
    void measure(Contestant contestant) throws IOException {
        TransferMaterial.Zones zones = run.material().zones(run.options().zones);
        Place place = run.place(contestant, zones.folder(), zones.files());
        Contestant consumer = run.servers().consumer(contestant);
        try {
            fill(contestant, consumer, place, zones);
            if (run.measures(TransferRow.RESTART)) {
                double millis = start(consumer, place, zones);
                run.add(zones.part(), contestant, TransferFigure.RESTART, millis);
            }
        } finally {
            TransferMaterial.delete(Path.of(place.folder()));
        }
        if (run.measures(TransferRow.RESTART) && contestant.name().equals(Contestant.OURS)) {
            image(contestant, zones);
        }
    }

    private void image(Contestant ours, TransferMaterial.Zones zones) throws IOException {
        Place place = run.place(ours, zones.folder(), zones.files());
        try {
            double millis = start(TransferServers.image(ours), place, zones);
            run.add(zones.part(), ours, TransferFigure.IMAGE_START, millis);
        } finally {
            TransferMaterial.delete(Path.of(place.folder()));
        }
    }

    /// Lets a server fetch all zones, and leaves them in its folder.
    private void fill(
            Contestant contestant, Contestant consumer, Place place, TransferMaterial.Zones zones)
            throws IOException {
        CatalogSeries catalog =
                new CatalogSeries(
                        Name.of(TransferServers.CATALOG),
                        zones.origins().stream().map(Name::of).toList());
        try (CannedPrimary primary = run.primary()) {
            for (PreparedVersion version : zones.versions()) {
                var _ = primary.publish(version);
            }
            var _ = primary.publish(catalog.whole(1));
            RunningServer server =
                    RunningServer.start(run.site(), consumer, place, zones.origins().subList(0, 1));
            try {
                server.group().thaw();
                members(primary, server, contestant, catalog, zones);
                TransferRun.rest(server);
                server.group().terminate();
            } finally {
                server.group().close();
            }
        }
    }

    private void members(
            CannedPrimary primary,
            RunningServer server,
            Contestant contestant,
            CatalogSeries catalog,
            TransferMaterial.Zones zones)
            throws IOException {
        long before = server.group().memory();
        int listed = zones.part().size();
        PreparedVersion whole = catalog.whole(listed);
        var _ = primary.publish(whole);
        run.say("%s follows a catalog of %,d zones".formatted(contestant.title(), listed));
        long notifiedNanos = primary.notify(server.address(), whole);
        List<String> members = zones.origins().subList(0, listed);
        served(server, TransferMaterial.Zones.spread(members, PROBES));
        double seconds = (System.nanoTime() - notifiedNanos) / NANOS_PER_SECOND;
        served(server, members);
        run.add(zones.part(), contestant, TransferFigure.CATALOG, (listed - 1) / seconds);
        TransferRun.rest(server);
        double octets = (double) (server.group().memory() - before) / (listed - 1);
        run.add(zones.part(), contestant, TransferFigure.CATALOG_MEMORY, octets / KILO);
        List<Double> more = new ArrayList<>();
        for (String zone : zones.origins().subList(listed, zones.origins().size())) {
            TransferRun.rest(server);
            PreparedVersion next = catalog.oneMore();
            var _ = primary.publish(next);
            long tellNanos = primary.notify(server.address(), next);
            served(server, List.of(zone));
            more.add((System.nanoTime() - tellNanos) / NANOS_PER_MILLI);
        }
        double median = Statistic.of(more).median();
        run.add(zones.part(), contestant, TransferFigure.CATALOG_MORE, median);
    }

    private static void served(RunningServer server, List<String> zones) throws IOException {
        FirstAnswer.await(server.address(), zones, false, LIMIT, () -> true);
    }

    /// Returns how long a start takes, and checks that really all zones are served.
    private double start(Contestant contestant, Place place, TransferMaterial.Zones zones)
            throws IOException {
        run.say("%s starts with %,d zones".formatted(contestant.title(), zones.origins().size()));
        RunningServer server =
                RunningServer.start(
                        run.site(),
                        contestant,
                        place,
                        TransferMaterial.Zones.spread(zones.origins(), PROBES));
        try {
            server.group().thaw();
            served(server, zones.origins());
        } finally {
            server.group().close();
        }
        return server.firstAnswerMillis();
    }
}
