package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A test that replays the seeds and findings of a module's fuzzers. They are below
/// `src/test/resources/corpus`, in one folder per target.
public interface Corpus {

    /// Returns the action on an input for each target, by the target's folder.
    Map<String, Consumer<byte[]>> targets();

    @TestFactory
    default Stream<DynamicNode> noInputBreaksAPromise() {
        return new TreeMap<>(targets())
                .entrySet().stream()
                        .map(target ->
                                DynamicContainer.dynamicContainer(
                                        target.getKey(),
                                        CorpusFiles.of(target.getKey()).stream()
                                                .map(file ->
                                                        CorpusFiles.test(
                                                                file, target.getValue()))));
    }

    @Test
    default void everyTargetHasSeedsAndEveryFolderATarget() throws IOException {
        assertEquals(new TreeSet<>(targets().keySet()), CorpusFiles.folders());
        for (String target : targets().keySet()) {
            assertTrue(CorpusFiles.of(target).size() >= CorpusFiles.SEEDS_MIN, target);
        }
    }
}
