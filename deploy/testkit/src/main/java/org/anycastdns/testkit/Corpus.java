package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/// The seeds and findings of a module's fuzzers, below `src/test/resources/corpus` in a folder for
/// each target.
///
/// @param targets what each target does with an input, by its folder
public record Corpus(SortedMap<String, Consumer<byte[]>> targets) {

    private static final Path FOLDER = Path.of("src", "test", "resources", "corpus");

    /// Far more than any input takes; an endless loop takes longer.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Fewer seeds than this leave a fuzzer without anything to start from.
    private static final int SEEDS_MIN = 10;

    /// Copies the targets.
    public Corpus(Map<String, Consumer<byte[]>> targets) {
        this(Collections.unmodifiableSortedMap(new TreeMap<>(targets)));
    }

    /// Replays every input as a test of its own.
    public Stream<DynamicNode> replay() {
        return targets.entrySet().stream()
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

    /// Asserts that every target has seeds, and every folder of seeds a target.
    public void assertComplete() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            assertEquals(
                    targets.keySet(),
                    new TreeSet<>(folders.map(folder -> folder.getFileName().toString()).toList()));
        }
        targets.keySet().forEach(target -> assertTrue(inputs(target).size() >= SEEDS_MIN, target));
    }

    private static List<Path> inputs(String target) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(target, e);
        }
    }
}
