package org.anycastdns.announcer.fuzz;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.anycastdns.testkit.Corpus;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every seed and every finding of a fuzzer, replayed.
class CorpusTest {

    private static final Corpus CORPUS =
            new Corpus(
                    Map.of(
                            "message", MessageFuzz::fuzzerTestOneInput,
                            "session", SessionFuzz::fuzzerTestOneInput));

    @TestFactory
    Stream<DynamicNode> noInputBreaksAPromise() {
        return CORPUS.replay();
    }

    @Test
    void everyTargetHasSeeds() throws IOException {
        CORPUS.assertComplete();
    }
}
