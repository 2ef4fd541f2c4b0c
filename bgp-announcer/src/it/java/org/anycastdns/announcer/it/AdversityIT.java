package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests conditions that must not change an announcer's session or decision.
class AdversityIT {

    private static final Duration LIMIT = Site.LIMIT;

    @TempDir private Path folder;
    private final TestResponder responder = new TestResponder("ams1");
    private final TestLifeline lifeline = new TestLifeline(0);

    AdversityIT() throws IOException {}

    @AfterEach
    void end() throws IOException {
        lifeline.close();
        responder.close();
    }

    @Test
    void aRouterThatSendsAHundredThousandRoutesKeepsItsSession()
            throws IOException, InterruptedException {
        try (Site site = site(Site.PROGRAM)) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
            site.wire.flood(100_000);
            responder.bend(TestResponder.SERVFAIL);
            site.wire.await(Change.WITHDRAWN, LIMIT);
            responder.bend(TestResponder.RIGHT);
            site.wire.await(Change.ANNOUNCED, LIMIT);
            assertEquals(1, site.wire.sessions(), site.announcer::tail);
        }
    }

    /// No log line can be written.
    @Test
    void aFullDiskStopsTheLogAndNothingElse() throws IOException, InterruptedException {
        try (Site site = site(Site.PROGRAM + " 2>/dev/full")) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
            responder.bend(TestResponder.SERVFAIL);
            site.wire.await(Change.WITHDRAWN, LIMIT);
            responder.bend(TestResponder.RIGHT);
            site.wire.await(Change.ANNOUNCED, LIMIT);
            assertEquals(1, site.wire.sessions());
            assertTrue(site.announcer.alive());
        }
    }

    /// The host's clock is set, or was wrong until the network came up. The log has the time of
    /// day, so it shows that the program has noticed.
    @Test
    void aClockThatJumpsByYearsCostsNeitherSessionNorJudgment()
            throws IOException, InterruptedException {
        Path jump = folder.resolve("jump");
        Files.writeString(jump, "+0");
        try (Site site = site(fakedTime(jump) + " " + Site.PROGRAM)) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
            for (int days : new int[] {3_650, -3_650, 0}) {
                Files.writeString(jump, "%+dd".formatted(days));
                int mark = site.announcer.mark();
                responder.bend(TestResponder.SERVFAIL);
                site.wire.await(Change.WITHDRAWN, LIMIT);
                int year = LocalDate.now(ZoneOffset.UTC).plusDays(days).getYear();
                site.announcer.awaitLine(mark, "^" + year + "-", LIMIT);
                responder.bend(TestResponder.RIGHT);
                site.resume();
                site.wire.await(Change.ANNOUNCED, LIMIT);
            }
            assertEquals(1, site.wire.sessions(), site.announcer::tail);
            assertEquals(7, site.wire.count(), "an UPDATE for each change and no other");
        }
    }

    /// Returns a command prefix that fakes the time of day with libfaketime. The monotonic clock
    /// stays real.
    private static String fakedTime(Path jump) throws IOException {
        Tools.require("faketime");
        Path library;
        try (Stream<Path> files = Files.walk(Path.of("/usr/lib"), 3)) {
            library =
                    files.filter(each -> each.endsWith("faketime/libfaketimeMT.so.1"))
                            .findFirst()
                            .orElseThrow();
        }
        return "env LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1"
                .formatted(library, jump);
    }

    private Site site(String shell) throws IOException, InterruptedException {
        return new Site(folder, "ams1", responder.address(), lifeline.uri(), "", "", shell);
    }
}
