package org.anycastdns.benchmarks;

import static org.anycastdns.testkit.Tidy.arrows;
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
                    Map.ofEntries(
                            arrows("workload"),
                            arrows("compare"),
                            arrows("load"),
                            arrows("micro", "workload"),
                            arrows("transfer"),
                            arrows("machine", "compare", "load", "micro", "transfer", "workload"),
                            arrows("", "workload", "load", "micro", "machine")),
                    Set.of("workload", "compare"));

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }
}
