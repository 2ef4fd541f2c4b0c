package org.anycastdns.benchmarks.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.benchmarks.compare.TransferResults.Part;
import org.anycastdns.benchmarks.load.QuerySet;
import org.anycastdns.benchmarks.transfer.PreparedVersion;
import org.anycastdns.benchmarks.transfer.ZoneSeries;
import org.anycastdns.benchmarks.workload.HostZone;
import org.anycastdns.benchmarks.workload.QueryMix;
import org.anycastdns.benchmarks.workload.SmallZones;
import org.anycastdns.benchmarks.workload.TldQueries;
import org.anycastdns.benchmarks.workload.TldZone;

/// The zones that are transferred, as files and as prepared messages. They are generated once per
/// run and are the same for all servers.
final class TransferMaterial {

    private static final long SEED = 20_261_201;

    /// Zones that come one by one after the others.
    private static final int MORE = 5;

    /// Enough that neither names nor responses fit in any processor cache.
    private static final int QUERIES = 200_000;

    /// The size that resolvers advertise today (RFC 9715).
    private static final int UDP_SIZE = 1_232;

    private static final QueryMix UNIFORM = new QueryMix(0.7, 0, 0.6, 0);

    private final Path folder;
    private final Map<Integer, Zone> delegations = new LinkedHashMap<>();
    private final Map<Integer, QuerySet> queries = new LinkedHashMap<>();
    private final List<Zone> small = new ArrayList<>();
    private final List<Zones> many = new ArrayList<>();

    TransferMaterial(Path folder) {
        this.folder = folder;
    }

    /// Returns the folder of the run.
    Path folder() {
        return folder;
    }

    /// One zone.
    ///
    /// @param folder folder of its file
    /// @param series its versions
    /// @param whole the version with all records
    record Zone(Part part, String origin, Path folder, ZoneSeries series, PreparedVersion whole) {

        /// Returns whether it is a zone of delegations.
        boolean isLarge() {
            return part.kind() == Part.Kind.DELEGATIONS;
        }

        /// Returns the file by the name of the zone, which has no final dot.
        Map<String, String> files() {
            return Map.of(bare(origin), folder.resolve(origin + "zone").toString());
        }
    }

    /// Many small zones, and some more, which come one by one.
    ///
    /// @param part how many zones come together
    /// @param folder folder of the files
    /// @param origins names with final dots, those of the zones that come later at the end
    /// @param versions the zones as a primary sends them
    record Zones(Part part, Path folder, List<String> origins, List<PreparedVersion> versions) {

        Map<String, String> files() {
            Map<String, String> files = new LinkedHashMap<>();
            origins.forEach(
                    each -> files.put(bare(each), folder.resolve(each + "zone").toString()));
            return files;
        }

        /// Returns some of the zones, evenly spread, the last one among them.
        static List<String> spread(List<String> origins, int count) {
            int step = Math.max(1, origins.size() / count);
            return IntStream.iterate(origins.size() - 1, i -> i >= 0, i -> i - step)
                    .mapToObj(origins::get)
                    .toList();
        }
    }

    private static String bare(String origin) {
        return origin.substring(0, origin.length() - 1);
    }

    /// Returns a zone of delegations.
    Zone delegations(int count) throws IOException {
        Zone known = delegations.get(count);
        if (known == null) {
            StringBuilder text = new StringBuilder();
            new TldZone(count, SEED).write(text);
            Part part = new Part(Part.Kind.DELEGATIONS, count);
            known = zone(part, TldZone.ORIGIN, text.toString());
            delegations.put(count, known);
        }
        return known;
    }

    /// Returns a zone of some hosts.
    Zone small() throws IOException {
        if (small.isEmpty()) {
            StringBuilder text = new StringBuilder();
            new HostZone(SEED).write(text);
            Part part = new Part(Part.Kind.SMALL, HostZone.HOSTS);
            small.add(zone(part, HostZone.ORIGIN, text.toString()));
        }
        return small.getFirst();
    }

    private Zone zone(Part part, String origin, String text) throws IOException {
        Path into = Files.createDirectories(folder.resolve("zone-" + part.size()));
        Files.writeString(into.resolve(origin + "zone"), text);
        ZoneSeries series = ZoneSeries.of(origin, text);
        return new Zone(part, origin, into, series, series.whole());
    }

    /// Returns queries for a zone of delegations.
    QuerySet queries(int count) throws IOException {
        QuerySet known = queries.get(count);
        if (known == null) {
            TldQueries drawn = new TldQueries(new TldZone(count, SEED), UNIFORM, SEED);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < QUERIES; i++) {
                lines.append(drawn.next().line()).append('\n');
            }
            try (BufferedReader reader = new BufferedReader(new StringReader(lines.toString()))) {
                known = QuerySet.read("queries", reader, new QuerySet.Edns(UDP_SIZE, false));
            }
            queries.put(count, known);
        }
        return known;
    }

    /// Returns many zones.
    Zones zones(int count) throws IOException {
        if (many.isEmpty()) {
            Path into = Files.createDirectories(folder.resolve("zones"));
            SmallZones zones = new SmallZones(count + MORE, SEED);
            List<String> origins = new ArrayList<>();
            List<PreparedVersion> versions = new ArrayList<>();
            for (int i = 0; i < count + MORE; i++) {
                StringBuilder text = new StringBuilder();
                zones.write(i, text);
                Files.writeString(into.resolve(zones.fileName(i)), text);
                origins.add(zones.origin(i));
                versions.add(ZoneSeries.of(zones.origin(i), text.toString()).whole());
            }
            many.add(new Zones(new Part(Part.Kind.ZONES, count), into, origins, versions));
        }
        return many.getFirst();
    }

    /// Deletes a folder and all that is in it.
    static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
