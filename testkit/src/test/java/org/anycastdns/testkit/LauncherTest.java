package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The launcher of the distributions, and the flags of the JVM that stand beside it.
class LauncherTest {

    private static final List<String> OPTIONS =
            List.of(
                    "dns-server/src/main/dist/jvm.options",
                    "dns-server/src/main/dist/run.options",
                    "bgp-announcer/src/main/dist/jvm.options");

    @Test
    void everyFlagHasItsReason() throws IOException {
        List<String> bare = new ArrayList<>();
        for (String file : OPTIONS) {
            String before = "";
            for (String line : Files.readAllLines(Repository.root().resolve(file))) {
                boolean flag = !line.isBlank() && !line.startsWith("#");
                if (flag && !before.startsWith("# ")) {
                    bare.add(file + ": " + line);
                }
                before = line;
            }
        }
        assertEquals(List.of(), bare);
    }

    @Test
    void whatIsInstalledBuildsNothing() throws IOException {
        for (Path file : List.of(Path.of("deploy/dist/launcher"), Path.of("deploy/jdk25"))) {
            assertFalse(Files.readString(Repository.root().resolve(file)).contains("mvn"));
        }
    }
}
