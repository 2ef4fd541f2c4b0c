package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The lab's command line where no container engine runs.
class NoEngineIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(strings = {"up", "status", "down"})
    void everyCommandSaysSoInOneSentence(String command) throws Exception {
        List<String> line = List.of(Path.of("lab").toAbsolutePath().toString(), command);
        Map<String, String> nowhere = Map.of("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        try (Program lab = Program.start(line, nowhere)) {
            assertEquals(1, lab.awaitExit(LIMIT), lab::tail);
            String told = lab.text(Program.Stream.ERR);
            assertTrue(told.startsWith("lab: the container engine does not answer ("), told);
            assertEquals(1, told.lines().count(), told);
            assertEquals("", lab.text(Program.Stream.OUT));
        }
    }
}
