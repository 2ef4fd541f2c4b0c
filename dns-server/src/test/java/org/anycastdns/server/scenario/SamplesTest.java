package org.anycastdns.server.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The sample zones and their files of expected answers: `scenario/zones` for the zones in
/// `zones/`, `scenario/rfc1034` for the server C.ISI.EDU of RFC 1034 section 6, and folders that
/// hold zones of their own beside the answers.
///
/// A file of answers has comments (`;`), and for each query a line that starts with `> ` and the
/// whole reply below it.
class SamplesTest {

    private static final Path ZONES = Path.of("..", "zones");
    private static final Path SCENARIOS = Path.of("src", "test", "resources", "scenario");

    /// Folders by the RFC that says most about their answers.
    private static final List<String> OWN_ZONES =
            List.of(
                    "rfc2181", "rfc4035", "rfc4592", "rfc5155", "rfc6672", "rfc9460", "rfc9471",
                    "edns", "wire");

    /// One query of a file and the reply that it must get.
    private record Expectation(String query, String reply) {}

    @TestFactory
    Stream<DynamicNode> eachSampleZoneAnswersAsExpected() throws IOException {
        Scenario samples = Scenario.serving(zoneFiles().toArray(Path[]::new));
        return files(SCENARIOS.resolve("zones"), ".txt").stream()
                .map(file -> container(samples, file));
    }

    @TestFactory
    Stream<DynamicNode> theServerOfRfc1034AnswersAsInItsSection6() throws IOException {
        Path folder = SCENARIOS.resolve("rfc1034");
        Scenario server = Scenario.serving(folder.resolve("root.zone"), ZONES.resolve("edu.zone"));
        return files(folder, ".txt").stream().map(file -> container(server, file));
    }

    @TestFactory
    Stream<DynamicNode> eachRfcIsAnsweredFromZonesOfItsOwn() {
        return OWN_ZONES.stream().map(SamplesTest::folder);
    }

    private static DynamicNode folder(String name) {
        try {
            Path folder = SCENARIOS.resolve(name);
            List<Path> zones = files(folder, ".zone");
            List<Path> answers = files(folder, ".txt");
            assertFalse(zones.isEmpty() || answers.isEmpty(), folder.toString());
            Scenario scenario = Scenario.serving(zones.toArray(Path[]::new));
            return DynamicContainer.dynamicContainer(
                    name, answers.stream().map(file -> container(scenario, file)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(name, e);
        }
    }

    @Test
    void sampleZonesHaveNoProblemsAndAllHaveExpectedAnswers() throws IOException {
        List<Path> zones = zoneFiles();
        assertFalse(zones.isEmpty(), "no zones in " + ZONES.toAbsolutePath());
        for (Path zone : zones) {
            assertEquals(List.of(), Scenario.read(zone).problems());
            Path answers = SCENARIOS.resolve("zones").resolve(zone.getFileName() + ".txt");
            assertFalse(expectations(answers).isEmpty(), answers.toString());
        }
    }

    private static List<Path> zoneFiles() throws IOException {
        return files(ZONES, ".zone");
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static DynamicNode container(Scenario scenario, Path file) {
        return DynamicContainer.dynamicContainer(
                file.getFileName().toString(),
                expectations(file).stream()
                        .map(expected ->
                                DynamicTest.dynamicTest(
                                        expected.query,
                                        () ->
                                                assertEquals(
                                                        expected.reply,
                                                        scenario.ask(expected.query)))));
    }

    private static List<Expectation> expectations(Path file) {
        List<Expectation> expectations = new ArrayList<>();
        String[] blocks = lines(file).split("(?m)^> ");
        for (String block : Arrays.asList(blocks).subList(1, blocks.length)) {
            int end = block.indexOf('\n');
            expectations.add(
                    new Expectation(
                            block.substring(0, end).strip(),
                            block.substring(end + 1).stripTrailing() + "\n"));
        }
        return expectations;
    }

    private static String lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join("\n", lines.filter(line -> !line.startsWith(";")).toList()) + "\n";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(file.toString(), e);
        }
    }
}
