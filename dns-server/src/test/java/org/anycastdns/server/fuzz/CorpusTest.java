package org.anycastdns.server.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.anycastdns.server.zone.ImageFuzz;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every seed and every finding of a fuzzer, replayed.
class CorpusTest {

    private static final Path CORPUS = Path.of("src", "test", "resources", "corpus");

    /// Far more than any input takes; an endless loop takes longer.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Map<String, Consumer<byte[]>> TARGETS =
            new TreeMap<>(
                    Map.of(
                            "image", ImageFuzz::fuzzerTestOneInput,
                            "query", QueryFuzz::fuzzerTestOneInput,
                            "opt", OptFuzz::fuzzerTestOneInput,
                            "zone", ZoneFuzz::fuzzerTestOneInput));

    @TestFactory
    Stream<DynamicNode> noInputBreaksAPromise() {
        return TARGETS.entrySet().stream()
                .map(target ->
                        DynamicContainer.dynamicContainer(
                                target.getKey(),
                                inputs(target.getKey()).stream()
                                        .map(file -> test(file, target.getValue()))));
    }

    private static DynamicTest test(Path file, Consumer<byte[]> target) {
        return DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () ->
                        assertTimeoutPreemptively(
                                LIMIT, () -> target.accept(Files.readAllBytes(file))));
    }

    @Test
    void everyTargetHasSeeds() throws IOException {
        try (Stream<Path> folders = Files.list(CORPUS)) {
            assertEquals(
                    TARGETS.keySet(),
                    new TreeSet<>(folders.map(folder -> folder.getFileName().toString()).toList()));
        }
        TARGETS.keySet().forEach(target -> assertTrue(inputs(target).size() >= 10, target));
    }

    private static List<Path> inputs(String target) {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(target, e);
        }
    }
}
