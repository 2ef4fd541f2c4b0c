package org.anycastdns.benchmarks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Programs of others, and how they end.
class CommandsTest {

    private static final List<String> ENDS_WITH_99 =
            List.of("sh", "-c", "echo PowerDNS 4.7.3; echo built so >&2; exit 99");

    @Test
    void whatOnePrintedIsThereHoweverItEnded() throws IOException {
        assertEquals(
                new Commands.Ended(99, "PowerDNS 4.7.3\nbuilt so\n"), Commands.ended(ENDS_WITH_99));
    }

    @Test
    void oneThatFailsIsAnErrorWithWhatItPrinted() throws IOException {
        assertEquals("right\n", Commands.run("echo right"));
        IOException failed = assertThrows(IOException.class, () -> Commands.run(ENDS_WITH_99));
        assertTrue(
                String.valueOf(failed.getMessage()).contains("ended with 99: PowerDNS 4.7.3"),
                failed::toString);
    }
}
