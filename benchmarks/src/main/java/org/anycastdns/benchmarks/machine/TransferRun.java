package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.anycastdns.benchmarks.compare.Contestant;
import org.anycastdns.benchmarks.compare.Place;
import org.anycastdns.benchmarks.compare.TransferFigure;
import org.anycastdns.benchmarks.compare.TransferResults;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.compare.TransferRow;
import org.anycastdns.benchmarks.compare.TransferServers;
import org.anycastdns.benchmarks.transfer.CannedPrimary;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;

/// What all rows of a comparison of transfers share: options, servers, the key, material, results.
final class TransferRun {

    /// The longest time that a single step of a measurement may take.
    static final Duration LIMIT = Duration.ofMinutes(3);

    private static final double MEGA = 1e6;
    private static final int SECRET_OCTETS = 32;

    /// NSD collects changes for a second by default. Each rest takes half a second at least.
    private static final int RESTS = 3;

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

    /// Creates a run with a new key.
    ///
    /// @param folder the folder of the run
    TransferRun(
            CompareOptions options,
            RunningServer.Site site,
            List<Contestant> contestants,
            Path folder,
            TransferResults results,
            PrintStream log) {
        this.options = options;
        this.site = site;
        this.contestants = List.copyOf(contestants);
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

    CompareOptions options() {
        return options;
    }

    RunningServer.Site site() {
        return site;
    }

    List<Contestant> contestants() {
        return contestants;
    }

    TransferMaterial material() {
        return material;
    }

    TransferServers servers() {
        return servers;
    }

    TsigKey key() {
        return key;
    }

    /// Starts the primary at the address that all secondaries know.
    CannedPrimary primary() throws IOException {
        return new CannedPrimary(own, key);
    }

    /// A running server, whose folder is deleted with it.
    record Started(RunningServer server, Path folder) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            server.group().close();
            TransferMaterial.delete(folder);
        }
    }

    /// Starts a server for one zone, in a new folder.
    Started start(Contestant contestant, TransferMaterial.Zone zone) throws IOException {
        Place place = place(contestant, zone.folder(), zone.files());
        return start(contestant, place, List.of(zone.origin()));
    }

    /// Starts a server.
    ///
    /// @param probes zones that it must answer for
    Started start(Contestant contestant, Place place, List<String> probes) throws IOException {
        say("%s starts".formatted(contestant.title()));
        RunningServer server = RunningServer.start(site, contestant, place, probes);
        server.group().thaw();
        return new Started(server, Path.of(place.folder()));
    }

    /// Returns the place of a server.
    ///
    /// @param zoneFolder folder of zone files
    /// @param files the zone files by the names of the zones
    Place place(Contestant contestant, Path zoneFolder, Map<String, String> files)
            throws IOException {
        int index = contestants.stream().map(Contestant::name).toList().indexOf(contestant.name());
        Path folder = material.folder().resolve(contestant.name());
        TransferMaterial.delete(folder);
        return new Place(
                Network.server(index),
                Network.PORT,
                folder.toString(),
                zoneFolder.toString(),
                files,
                false);
    }

    /// Lets a server finish what it does after a transfer, such as writing files.
    static void rest(RunningServer server) throws IOException {
        for (int i = 0; i < RESTS; i++) {
            RunningServer.awaitRest(server.group());
        }
    }

    /// Records the peak memory of a server.
    void memory(Part part, Contestant contestant, TransferFigure figure, RunningServer server)
            throws IOException {
        add(part, contestant, figure, server.group().peakMemory() / MEGA);
    }

    /// Records a value, if its row was chosen.
    void add(Part part, Contestant contestant, TransferFigure figure, double value) {
        if (measures(figure.row())) {
            results.add(part, contestant.name(), figure, value);
            say(
                    "  %s, %s, %s: %.2f %s"
                            .formatted(
                                    contestant.title(),
                                    part.title(),
                                    figure.title(),
                                    value,
                                    figure.unit()));
        }
    }

    /// Returns whether a row was chosen.
    boolean measures(TransferRow row) {
        return options.rows.contains(row);
    }

    /// Tells the operator how far the run is.
    void say(String line) {
        log.println("benchmarks compare: " + line);
    }
}
