package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.anycastdns.announcer.TestConfig;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests BFD whose packets are signed (RFC 5880 section 6.7.4) with BIRD 2.
class BfdKeyIT extends BesideRouter {

    private static final Duration LIMIT = Programs.LIMIT;

    @ParameterizedTest
    @ValueSource(strings = {"keyed sha1", "meticulous keyed sha1"})
    void theSameKeyComesUpAndAnotherDoesNotAndSaysSo(String method) throws Exception {
        Program bird = bird(method, "right");
        Program announcer = announcer(method, "wrong");
        announcer.awaitLine(
                "BFD packets discarded: another authentication type, key-id or key", LIMIT);
        // The session itself is up, and goes on without BFD, which has never been up.
        announcer.awaitLine("established with AS65001", LIMIT);
        String status = network.status();
        assertTrue(
                status.contains("BFD Down since ")
                        && status.contains(
                                "; packets discarded: another authentication type, key-id or key"),
                status);
        String log = announcer.text(Stream.ERR);
        assertFalse(log.contains("BFD up"), log);
        assertFalse(bird.text(Stream.ERR).contains("changed state from Init to Up"), bird::tail);
        announcer.close();

        Program again = announcer(method, "right");
        again.awaitLine("BFD packets every 300 ms", LIMIT);
        String up =
                Eventually.seen(
                        "BFD up", LIMIT, network::status, text -> text.contains("BFD Up since "));
        assertFalse(up.contains("discarded"), up);
    }

    /// One end signs, and the other does not.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeyAtOneEndAloneIsSaid(boolean ours) throws Exception {
        String method = "meticulous keyed sha1";
        network.bird(
                AuthenticatedBfd.protocol(ours ? "" : AuthenticatedBfd.bird(method, "key"))
                        + RouterNetwork.session("bfd on;"));
        Program announcer =
                announcer(ours ? AuthenticatedBfd.ours(folder, method, "key") : "{multiplier: 10}");
        String why =
                ours
                        ? "no authentication"
                        : "authentication, but neighbors\\[\\].bfd.key-file is not set";
        announcer.awaitLine("BFD packets discarded: " + why, LIMIT);
        String status = network.status();
        assertTrue(status.contains("; packets discarded: " + why.replace("\\", "")), status);
    }

    private Program bird(String method, String key) throws Exception {
        return network.bird(
                AuthenticatedBfd.protocol(AuthenticatedBfd.bird(method, key))
                        + RouterNetwork.session("bfd on;"));
    }

    private Program announcer(String method, String key) throws Exception {
        return announcer(AuthenticatedBfd.ours(folder, method, key));
    }

    private Program announcer(String bfd) throws Exception {
        return network.announcer(
                TestConfig.SITE
                        + TestConfig.router(65001, "bfd: " + bfd)
                        + TestConfig.NO_RESPONDER);
    }
}
