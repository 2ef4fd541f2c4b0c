package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it writes.
class KilledWriterTest {

    private static final int ROUNDS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void whatAKilledProcessHadSyncedIsThere() throws Exception {
        int serial = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int synced = writeAndKill(i);
            assertTrue(synced > serial, "it goes on");
            try (StateFolder store = KilledWriter.open(folder)) {
                assertEquals(0, store.damages());
                StoredZone zone = store.zones().iterator().next();
                serial = zone.soa().serial();
                assertTrue(serial >= synced, "%d, but %d was synced".formatted(serial, synced));
                assertEquals(
                        StoreSamples.texts(
                                StoreSamples.all(
                                        zone.name(), serial, KilledWriter.records(serial))),
                        StoreSamples.texts(store.records(zone.name())));
            }
        }
    }

    /// Returns the last serial that was synced.
    private int writeAndKill(int round) throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        folder.toString());
        try (Program writer = Program.start(command)) {
            int mark = writer.mark();
            // Each round ends at another moment.
            for (int i = 0; i < 20 + 7 * round; i++) {
                var _ = writer.awaitLine(mark, KilledWriter.SYNCED + ".*", LIMIT);
                mark = writer.mark();
            }
            IOException used = assertThrows(IOException.class, () -> KilledWriter.open(folder));
            StoreSamples.assertSays("another process uses", used);
            writer.signal(Program.Signal.KILL);
            var _ = writer.awaitExit(LIMIT);
            return writer.text(Program.Stream.OUT)
                    .lines()
                    .filter(line -> line.matches(KilledWriter.SYNCED + "\\d+"))
                    .mapToInt(
                            line -> Integer.parseInt(line.substring(KilledWriter.SYNCED.length())))
                    .max()
                    .orElseThrow();
        }
    }
}
