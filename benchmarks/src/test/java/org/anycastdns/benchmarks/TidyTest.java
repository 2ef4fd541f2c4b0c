package org.anycastdns.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.testkit.Tidy;
import org.junit.jupiter.api.Test;

/// The architecture of the benchmarks. Changing this table is an architecture change and needs a
/// line in ARCHITECTURE.md.
class TidyTest {

    private static final Tidy TABLE =
            new Tidy(
                    "org.anycastdns.benchmarks",
                    Map.of(
                            "workload", Set.of(),
                            "compare", Set.of(),
                            "load", Set.of(),
                            "micro", Set.of("workload"),
                            "machine", Set.of("compare", "load", "workload"),
                            "", Set.of("workload", "load", "micro", "machine")),
                    Set.of("workload", "compare"));

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }
}
