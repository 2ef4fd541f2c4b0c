package org.anycastdns.benchmarks.machine;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.benchmarks.compare.Scenario;
import org.anycastdns.benchmarks.load.QuerySet;
import org.anycastdns.benchmarks.workload.HostZone;
import org.anycastdns.benchmarks.workload.Queries;
import org.anycastdns.benchmarks.workload.Query;
import org.anycastdns.benchmarks.workload.QueryMix;
import org.anycastdns.benchmarks.workload.SmallZoneQueries;
import org.anycastdns.benchmarks.workload.SmallZones;
import org.anycastdns.benchmarks.workload.TldQueries;
import org.anycastdns.benchmarks.workload.TldZone;

/// Zones and queries as files. They are generated once per run and are the same for all servers.
final class Material {

    private static final long SEED = 20_261_122;
    private static final int DELEGATIONS = 1_000_000;
    private static final int SIGNED_DELEGATIONS = 20_000;
    private static final int ZONES = 100_000;

    /// Number of zones that a server must answer for before it counts as started. One zone is not
    /// enough, because loading one does not mean that all are loaded.
    private static final int PROBES = 20;

    /// Enough that neither names nor responses fit in any processor cache.
    private static final int QUERIES = 400_000;

    private static final int FEW_QUERIES = 4_000;

    /// The size that resolvers advertise today (RFC 9715).
    private static final int UDP_SIZE = 1_232;

    private static final QueryMix UNIFORM = new QueryMix(0.7, 0, 0.6, 0);
    private static final QueryMix ABSENT = new QueryMix(0, 0, 0.6, 0);
    private static final QueryMix POPULAR = new QueryMix(0.7, 0.9, 0.6, 0);

    private final Path folder;
    private final Map<Scenario.Zones, Served> served = new EnumMap<>(Scenario.Zones.class);
    private final Map<Scenario, Asked> asked = new EnumMap<>(Scenario.class);

    Material(Path folder) {
        this.folder = folder;
    }

    /// Returns the folder of the run.
    Path folder() {
        return folder;
    }

    /// The zones that are served.
    ///
    /// @param folder folder of the master files
    /// @param zones master file by origin
    /// @param probes origins to query while a server starts
    record Served(Path folder, Map<String, String> zones, boolean signed, List<String> probes) {}

    /// The queries of a scenario.
    ///
    /// @param queries queries for this project's generator
    /// @param dnsperf the same queries for dnsperf
    /// @param kxdpgun the same queries for kxdpgun
    record Asked(QuerySet queries, Path dnsperf, Path kxdpgun) {}

    Served served(Scenario.Zones zones) throws IOException {
        Served known = served.get(zones);
        if (known == null) {
            Path into = Files.createDirectories(folder.resolve("zones-" + zones));
            known =
                    switch (zones) {
                        case SMALL -> one(into, HostZone.ORIGIN, new HostZone(SEED)::write);
                        case TLD -> one(into, TldZone.ORIGIN, tld(DELEGATIONS)::write);
                        case SIGNED -> signed(into);
                        case MANY -> many(into);
                    };
            served.put(zones, known);
        }
        return known;
    }

    private static TldZone tld(int delegations) {
        return new TldZone(delegations, SEED);
    }

    /// Writes a zone.
    @FunctionalInterface
    private interface Text {
        void write(Appendable to) throws IOException;
    }

    private static void write(Path file, Text text) throws IOException {
        try (BufferedWriter to = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            text.write(to);
        }
    }

    private static Served one(Path into, String origin, Text text) throws IOException {
        Path file = into.resolve(origin + "zone");
        write(file, text);
        return new Served(into, Map.of(bare(origin), file.toString()), false, List.of(origin));
    }

    private static String bare(String origin) {
        return origin.substring(0, origin.length() - 1);
    }

    /// Signs a zone with BIND's tools: ECDSA, and NSEC3 without salt and extra iterations (RFC
    /// 9276).
    private Served signed(Path into) throws IOException {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        Path plain = keys.resolve("unsigned");
        write(plain, tld(SIGNED_DELEGATIONS)::write);
        String key = "dnssec-keygen -q -K " + keys + " -a ECDSAP256SHA256 ";
        Commands.run(key + "-f KSK " + TldZone.ORIGIN);
        Commands.run(key + TldZone.ORIGIN);
        Path file = into.resolve(TldZone.ORIGIN + "zone");
        Commands.run(
                "dnssec-signzone -q -S -K %1$s -d %1$s -3 - -H 0 -O full -o %2$s -f %3$s %4$s"
                        .formatted(keys, TldZone.ORIGIN, file, plain));
        return new Served(
                into, Map.of(bare(TldZone.ORIGIN), file.toString()), true, List.of(TldZone.ORIGIN));
    }

    private static Served many(Path into) throws IOException {
        SmallZones zones = new SmallZones(ZONES, SEED);
        Map<String, String> files = new LinkedHashMap<>();
        List<String> probes = new ArrayList<>();
        for (int i = 0; i < ZONES; i++) {
            int index = i;
            Path file = into.resolve(zones.fileName(i));
            write(file, to -> zones.write(index, to));
            files.put(bare(zones.origin(i)), file.toString());
            if (i % (ZONES / PROBES) == 0 || i == ZONES - 1) {
                probes.add(zones.origin(i));
            }
        }
        return new Served(into, files, false, probes);
    }

    Asked asked(Scenario scenario) throws IOException {
        Asked known = asked.get(scenario);
        if (known == null) {
            known = make(scenario);
            asked.put(scenario, known);
        }
        return known;
    }

    private Asked make(Scenario scenario) throws IOException {
        Queries queries =
                switch (scenario) {
                    case SMALL -> new HostZone(SEED)::next;
                    case TLD -> new TldQueries(tld(DELEGATIONS), UNIFORM, SEED);
                    case NXDOMAIN -> new TldQueries(tld(DELEGATIONS), ABSENT, SEED);
                    case SIGNED -> new TldQueries(tld(SIGNED_DELEGATIONS), UNIFORM, SEED);
                    case ZONES -> new SmallZoneQueries(new SmallZones(ZONES, SEED), POPULAR, SEED);
                };
        int count = scenario == Scenario.SMALL ? FEW_QUERIES : QUERIES;
        Path dnsperf = folder.resolve("queries-" + scenario.id());
        Path kxdpgun = folder.resolve("kxdpgun-" + scenario.id());
        String flag = scenario.dnssecOk() ? " D\n" : " E\n";
        try (BufferedWriter lines = Files.newBufferedWriter(dnsperf, StandardCharsets.US_ASCII);
                BufferedWriter flagged =
                        Files.newBufferedWriter(kxdpgun, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < count; i++) {
                Query query = queries.next();
                lines.append(query.line()).append('\n');
                flagged.append(query.line()).append(flag);
            }
        }
        try (BufferedReader lines = Files.newBufferedReader(dnsperf)) {
            QuerySet.Edns edns = new QuerySet.Edns(UDP_SIZE, scenario.dnssecOk());
            return new Asked(QuerySet.read(dnsperf.toString(), lines, edns), dnsperf, kxdpgun);
        }
    }
}
