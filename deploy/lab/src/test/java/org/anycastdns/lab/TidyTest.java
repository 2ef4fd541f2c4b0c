package org.anycastdns.lab;

import static org.anycastdns.testkit.Tidy.arrows;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.testkit.Tidy;
import org.junit.jupiter.api.Test;

/// The architecture of the lab. Changing this table is an architecture change and needs a line in
/// ARCHITECTURE.md.
class TidyTest {

    private static final Tidy TABLE =
            new Tidy(
                    "org.anycastdns.lab",
                    Map.ofEntries(
                            arrows("topology"),
                            arrows("recipe", "topology"),
                            arrows("engine"),
                            arrows("measure", "engine"),
                            arrows("", "topology", "recipe", "engine", "measure")),
                    Set.of("topology", "recipe"));

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }
}
