package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.testkit.Tidy;
import org.junit.jupiter.api.Test;

/// The architecture of what both programs share. Changing this table is an architecture change and
/// needs a line in ARCHITECTURE.md.
class TidyTest {

    private static final Tidy TABLE =
            new Tidy(
                    "org.anycastdns.daemon",
                    Map.of(
                            "",
                            Set.of(),
                            "admin",
                            Set.of(""),
                            "config",
                            Set.of(""),
                            "kernel",
                            Set.of(),
                            "reference",
                            Set.of("", "config"),
                            "command",
                            Set.of("admin", "config", "reference")),
                    Set.of());

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }
}
