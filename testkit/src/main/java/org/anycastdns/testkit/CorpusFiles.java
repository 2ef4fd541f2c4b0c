package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// The files of a [Corpus].
final class CorpusFiles {

    /// With fewer seeds than this, a fuzzer has too little to start from.
    static final int SEEDS_MIN = 10;

    private static final Path FOLDER = Path.of("src", "test", "resources", "corpus");

    /// Far more than any input takes, so that only an endless loop exceeds it.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private CorpusFiles() {}

    /// Returns the names of the folders.
    static Set<String> folders() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return new TreeSet<>(folders.map(folder -> folder.getFileName().toString()).toList());
        }
    }

    /// Returns the inputs of a target.
    static List<Path> of(String target) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(target, e);
        }
    }

    /// Returns the test that runs a target with an input.
    static DynamicTest test(Path file, Consumer<byte[]> target) {
        return DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () ->
                        assertTimeoutPreemptively(
                                LIMIT, () -> target.accept(Files.readAllBytes(file))));
    }
}
