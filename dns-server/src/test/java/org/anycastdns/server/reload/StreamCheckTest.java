package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.Test;

/// A zone that comes through standard input is checked within the same limits as a file.
class StreamCheckTest {

    private static final String ZONE =
            "$TTL 300\n@ SOA ns hostmaster 1 3600 600 604800 300\n@ NS ns.example.net.\n";

    private static FolderCheck check(InputStream in, Budget budget) throws InterruptedException {
        return FolderCheck.of(
                Path.of("-"),
                Name.of("a.test."),
                ReadRules.DEFAULT.within(budget),
                Clock.systemUTC(),
                in);
    }

    private static Budget budget(long zoneOctets, int zoneRecords, long zoneMemory) {
        return new Budget(zoneOctets, zoneRecords, zoneMemory, Long.MAX_VALUE, Budget.ZONE_TIME);
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String onlyError(FolderCheck check) {
        assertEquals(1, check.errorCount(), () -> check.problems().toString());
        assertEquals(1, check.zones().getFirst().errorCount());
        assertEquals(0, check.recordCount());
        Problem problem = check.problems().getFirst();
        assertEquals("-:1:1", problem.file() + ":" + problem.line() + ":" + problem.column());
        return problem.text();
    }

    @Test
    void aZoneWithinItsLimitsIsRead() throws Exception {
        FolderCheck check = check(text(ZONE), budget(ZONE.length(), 2, 1 << 20));
        assertEquals(0, check.problems().size(), () -> check.problems().toString());
        assertEquals(2, check.recordCount());
    }

    /// Comments without end.
    private static final class Endless extends InputStream {
        private long octets;

        @Override
        public int read() {
            throw new AssertionError("octet by octet");
        }

        @Override
        public int read(byte[] into, int from, int count) {
            Arrays.fill(into, from, from + count, (byte) ';');
            octets += count;
            return count;
        }
    }

    @Test
    void aStreamWithoutEndIsLeftAtTheLimit() throws Exception {
        Endless endless = new Endless();
        FolderCheck check = check(endless, budget(1_000_000, 1_000, Long.MAX_VALUE));
        assertTrue(
                onlyError(check)
                        .contains(
                                "it has more than 1000000 octets, the most that a zone may have; raise limits.zone-octets"),
                () -> check.problems().toString());
        assertTrue(endless.octets < 1_100_000, () -> endless.octets + " octets were read");
    }

    @Test
    void recordsAndMemoryAreLimited() throws Exception {
        FolderCheck many = check(text(ZONE), budget(10_000, 1, Long.MAX_VALUE));
        assertTrue(many.errorCount() > 0);
        assertTrue(many.problems().toString().contains("limits.zone-records"), many::toString);
        StringBuilder large = new StringBuilder(ZONE);
        for (int i = 0; i < 2_000; i++) {
            large.append("h").append(i).append(" TXT ").append("x".repeat(200)).append('\n');
        }
        FolderCheck heavy = check(text(large.toString()), budget(10_000_000, 10_000, 100_000));
        assertTrue(heavy.errorCount() > 0);
        assertTrue(heavy.problems().toString().contains("limits.zone-memory"), heavy::toString);
    }

    @Test
    void aFaultOfThisProgramIsAProblem() throws Exception {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() {
                        throw new IllegalStateException("injected");
                    }

                    @Override
                    public int read(byte[] into, int from, int count) {
                        throw new IllegalStateException("injected");
                    }
                };
        String text = onlyError(check(broken, Budget.UNLIMITED));
        assertTrue(text.startsWith("internal error (IllegalStateException at "), text);
    }
}
