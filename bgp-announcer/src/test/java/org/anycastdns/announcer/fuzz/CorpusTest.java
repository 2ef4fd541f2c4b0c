package org.anycastdns.announcer.fuzz;

import java.util.Map;
import java.util.function.Consumer;
import org.anycastdns.testkit.Corpus;

/// Every seed and every finding of a fuzzer, replayed.
class CorpusTest implements Corpus {

    @Override
    public Map<String, Consumer<byte[]>> targets() {
        return Map.of(
                "message", MessageFuzz::fuzzerTestOneInput,
                "session", SessionFuzz::fuzzerTestOneInput);
    }
}
