package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anycastdns.lab.engine.LabException;
import org.junit.jupiter.api.Test;

/// The next version of a zone.
class ZonePushTest {

    @Test
    void theSerialOfTheSampleZoneIsRaisedByOneAndNothingElse() throws IOException {
        String zone = Files.readString(Path.of("../../zones/example.com.zone"));
        String next = ZonePush.raised(zone);
        assertTrue(next.contains("2026112202      ; serial"));
        assertEquals(zone, next.replace("2026112202", "2026112201"));
    }

    @Test
    void aSerialOnTheLineOfTheRecordIsFoundToo() {
        assertEquals("@ SOA a. b. 42 1 1 1 1\n", ZonePush.raised("@ SOA a. b. 41 1 1 1 1\n"));
    }

    @Test
    void aZoneWithoutSoaIsRefused() {
        assertThrows(LabException.class, () -> ZonePush.raised("@ IN NS a.\n"));
    }
}
