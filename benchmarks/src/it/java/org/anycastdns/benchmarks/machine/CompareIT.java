package org.anycastdns.benchmarks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.anycastdns.benchmarks.compare.Json;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The comparison from its command line to its files, as short as it can be: what it measures on a
/// busy machine means nothing, but it is there, and nothing is left behind.
@Tag("compare")
class CompareIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// Four servers are started four times each, and rest between changes.
    private static final Duration TRANSFER_LIMIT = Duration.ofMinutes(15);

    private static final int MISTAKE = 2;

    /// A limit is missed.
    private static final int MISSED = 1;

    @TempDir private Path folder;

    @Test
    void oneRoundWithAllRivalsGivesEveryFigureAndLeavesNothingBehind() throws Exception {
        requireMachine();
        Path output = folder.resolve("results");
        Program run = compare(shortly("ours,knot,nsd,bind,powerdns", "1", output));
        assertEquals(0, run.awaitExit(LIMIT), run::tail);
        String json = Files.readString(output.resolve("compare.json"));
        for (String name : List.of("ours", "knot", "nsd", "bind", "powerdns")) {
            for (String figure :
                    List.of(
                            "saturation",
                            "kxdpgun",
                            "goodput_2x",
                            "cpu_50",
                            "p999_at_80",
                            "first_answer",
                            "pss",
                            "tcp_kept",
                            "tcp_connections")) {
                List<?> values = values(json, name, figure);
                assertTrue(
                        values.size() == 1 && !values.contains(0.0),
                        () -> name + " " + figure + " in " + json);
            }
        }
        assertFalse(json.contains("differ from the reference's"), json);
        assertTrue(json.contains("\"rounds\": \"1 of 1\""), json);
        assertTrue(Files.readString(output.resolve("compare.md")).contains("| Knot DNS |"));
        assertTrue(Files.exists(output.resolve("small-latency.svg")));
        nothingIsLeft(run.pid());
    }

    @Test
    void latencyAloneLooksForTheRateOnce() throws Exception {
        requireMachine();
        Path output = folder.resolve("results");
        Program run = compare(shortly("ours,knot", "2", output, "--measure", "latency"));
        assertEquals(0, run.awaitExit(LIMIT), run::tail);
        String json = Files.readString(output.resolve("compare.json"));
        assertEquals(1, values(json, "ours", "saturation").size(), json);
        assertEquals(2, values(json, "ours", "p999_at_50").size(), json);
        assertEquals(List.of(), values(json, "ours", "kxdpgun"), json);
        assertEquals(List.of(), values(json, "ours", "tcp_kept"), json);
    }

    @Test
    void transfersHaveEveryFigureOfAllFourAndLeaveNothingBehind() throws Exception {
        Path output = folder.resolve("results");
        String json = transfers(output, "axfr-in,ixfr,axfr-out,notify");
        for (String name : List.of("ours", "knot", "nsd", "bind")) {
            for (String figure :
                    List.of(
                            "axfr_in",
                            "axfr_in_memory",
                            "ixfr_in",
                            "axfr_out_cpu",
                            "axfr_out",
                            "axfr_out_memory",
                            "answers_alone",
                            "answers_beside")) {
                assertOneValue(json, "1,000 delegations", name, figure);
            }
            assertOneValue(json, "a small zone of 100 hosts", name, "notified");
        }
        String text = Files.readString(output.resolve("transfer.md"));
        assertTrue(text.contains("| NOTIFY to served, ms | a small zone of 100 hosts |"), text);
    }

    @Test
    void aStreamOfChangesHasEveryFigure() throws Exception {
        String json = transfers(folder.resolve("results"), "stream", "--servers", "ours,knot");
        for (String name : List.of("ours", "knot")) {
            for (String figure :
                    List.of(
                            "stream_queries",
                            "stream_p99_without",
                            "stream_p99",
                            "stream_slowest",
                            "stream_memory_before",
                            "stream_memory")) {
                assertOneValue(json, "1,000 delegations", name, figure);
            }
        }
    }

    @Test
    void updatesAreCountedForAllWhoTakeThem() throws Exception {
        String json = transfers(folder.resolve("results"), "update");
        for (String name : List.of("ours", "knot", "bind")) {
            assertOneValue(json, "1,000 delegations", name, "update");
        }
        assertEquals(
                "held or missed",
                Json.at(json, "limits", "update >= 1.0 x BIND") instanceof String text
                        ? text.replaceAll("^(held|missed)$", "held or missed")
                        : "");
    }

    @Test
    void catalogsAndRestartsHaveEveryFigure() throws Exception {
        String json = transfers(folder.resolve("results"), "catalog,restart");
        for (String name : List.of("ours", "knot", "bind")) {
            for (String figure : List.of("catalog", "catalog_more", "restart")) {
                assertOneValue(json, "20 small zones", name, figure);
            }
        }
        assertOneValue(json, "20 small zones", "ours", "image_start");
    }

    @Test
    void lookupsAreComparedWithThoseInAFullOverlay() throws Exception {
        // Smaller zones have no overlay.
        String json = transfers(folder.resolve("results"), "lookup", "--names", "20000");
        for (String figure : List.of("lookup", "lookup_overlaid", "lookup_octets")) {
            assertTrue(
                    Json.at(json, "transfers", "20,000 delegations", "ours", figure)
                                    instanceof List<?> values
                            && values.size() == 3,
                    json);
        }
    }

    /// Measures rows in one round with little material. Whether limits are held means nothing here.
    ///
    /// @return the JSON report
    private String transfers(Path output, String rows, String... others) throws Exception {
        requireMachine();
        List<String> line = new ArrayList<>(List.of("--measure", "transfer", "--rows", rows));
        line.addAll(List.of("--rounds", "1", "--seconds", "0.5", "--warm-up", "0.5"));
        line.addAll(List.of("--zones", "20", "--stream-seconds", "3", "-o", output.toString()));
        List<String> more = List.of(others);
        line.addAll(more.contains("--names") ? List.of() : List.of("--names", "1000"));
        line.addAll(more);
        Program run = compare(line.toArray(String[]::new));
        int exit = run.awaitExit(TRANSFER_LIMIT);
        assertTrue(run.tail().contains(" limits missed, 0 measurements failed"), run::tail);
        assertEquals(run.tail().contains(" 0 limits missed") ? 0 : MISSED, exit, run::tail);
        nothingIsLeft(run.pid());
        String json = Files.readString(output.resolve("transfer.json"));
        assertTrue(json.contains("\"rounds\": \"1 of 1\""), json);
        return json;
    }

    private static void assertOneValue(String json, String... path) {
        String[] whole =
                Stream.concat(Stream.of("transfers"), Stream.of(path)).toArray(String[]::new);
        assertTrue(
                Json.at(json, whole) instanceof List<?> values
                        && values.size() == 1
                        && values.getFirst() instanceof Double value
                        && value > 0,
                () -> String.join(" ", path) + " in " + json);
    }

    @Test
    void transfersStandAlone() throws Exception {
        Program run = compare("--measure", "transfer,tcp");
        assertEquals(MISTAKE, run.awaitExit(LIMIT), run::tail);
        assertTrue(run.tail().contains("--measure transfer stands alone"), run::tail);
        Program row = compare("--measure", "transfer", "--rows", "axfr");
        assertEquals(MISTAKE, row.awaitExit(LIMIT), row::tail);
        assertTrue(row.tail().contains("'axfr' is none of axfr-in, ixfr, stream"), row::tail);
    }

    private static List<?> values(String json, String contestant, String figure) {
        return Json.at(json, "scenarios", "small", contestant) instanceof Map<?, ?> figures
                        && figures.get(figure) instanceof List<?> values
                ? values
                : List.of();
    }

    /// A comparison on one small zone, as short as it can be.
    private static String[] shortly(String servers, String rounds, Path output, String... others) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("--servers", servers, "--rounds", rounds, "-o", output.toString()));
        line.addAll(List.of("--scenarios", "small", "--seconds", "0.5", "--warm-up", "0.5"));
        line.addAll(List.of(others));
        return line.toArray(String[]::new);
    }

    @Test
    void nothingIsLeftBehindWhenItIsInterrupted() throws Exception {
        requireMachine();
        Program run = compare("--servers", "knot", "--scenarios", "small", "-o", folder.toString());
        run.awaitLine("Knot DNS answers", LIMIT);
        run.signal(Program.Signal.TERM);
        run.awaitExit(LIMIT);
        nothingIsLeft(run.pid());
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Program unknown = compare("--servers", "ours,djbdns");
        assertEquals(MISTAKE, unknown.awaitExit(LIMIT), unknown::tail);
        assertTrue(
                unknown.tail().contains("--servers knows ours, knot, nsd, bind, powerdns"),
                unknown::tail);
        Program absent = compare("--server", "mine=/does/not/exist -d");
        assertEquals(MISTAKE, absent.awaitExit(LIMIT), absent::tail);
        assertTrue(absent.tail().contains("/does/not/exist is not there"), absent::tail);
    }

    private static void requireMachine() {
        for (String tool :
                List.of("ip", "knotd", "nsd", "named", "pdns_server", "kxdpgun", "dnsperf")) {
            Tools.require(tool);
        }
        if (!System.getProperty("user.name").equals("root")
                || Runtime.getRuntime().availableProcessors() < 2) {
            Tools.missing("the comparison takes root and two cores");
        }
    }

    private static Program compare(String... arguments) throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Repository.root().resolve("benchmarks/bin/benchmarks").toString(),
                                "compare"));
        line.addAll(List.of(arguments));
        return Program.start(line);
    }

    private void nothingIsLeft(long pid) throws IOException {
        assertFalse(Files.exists(Path.of("/run/netns/adnsc" + pid + "s")));
        assertFalse(Files.exists(Path.of("/run/netns/adnsc" + pid + "g")));
        assertFalse(
                Files.exists(
                        Path.of(
                                System.getProperty("java.io.tmpdir"),
                                "anycastdns-compare-" + pid)));
        String groups = Commands.run("find /sys/fs/cgroup -name anycastdns-compare-" + pid);
        assertEquals("", groups);
    }
}
