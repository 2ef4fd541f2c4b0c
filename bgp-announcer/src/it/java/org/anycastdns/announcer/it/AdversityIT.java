package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.announcer.probe.TestLifeline;
import org.anycastdns.announcer.probe.TestResponder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/// What must cost an announcer neither its session nor its judgement.
class AdversityIT {

    private static final Duration LIMIT = Site.LIMIT;

    private static final TestResponder.Bend SERVFAIL =
            (_, right) -> {
                right.getHeader().setRcode(Rcode.SERVFAIL);
                return right.toWire();
            };

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
        try (Site site = site("")) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
            site.wire.flood(100_000);
            responder.bend(SERVFAIL);
            site.wire.await(Change.WITHDRAWN, LIMIT);
            responder.bend(TestResponder.RIGHT);
            site.wire.await(Change.ANNOUNCED, LIMIT);
            assertEquals(1, site.wire.sessions(), site.announcer::tail);
        }
    }

    /// No log line can be written.
    @Test
    void aFullDiskStopsTheLogAndNothingElse() throws IOException, InterruptedException {
        try (Site site = site("2>/dev/full")) {
            site.wire.await(Change.ANNOUNCED, LIMIT);
            responder.bend(SERVFAIL);
            site.wire.await(Change.WITHDRAWN, LIMIT);
            responder.bend(TestResponder.RIGHT);
            site.wire.await(Change.ANNOUNCED, LIMIT);
            assertEquals(1, site.wire.sessions());
            assertTrue(site.announcer.alive());
        }
    }

    private Site site(String redirection) throws IOException, InterruptedException {
        return new Site(folder, "ams1", responder.address(), lifeline.uri(), "", "", redirection);
    }
}
