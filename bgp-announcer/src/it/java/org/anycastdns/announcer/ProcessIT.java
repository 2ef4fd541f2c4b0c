package org.anycastdns.announcer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.testkit.Fault;
import org.anycastdns.testkit.LogFormat;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Promtool;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests the packaged announcer as a process: signals, output, metrics, and threads that die.
class ProcessIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;

    private TestResponder responder;
    private TestLifeline lifeline;
    private TestPeer peer;
    private int admin;

    @BeforeEach
    void start() throws Exception {
        responder = new TestResponder("ams1");
        lifeline = new TestLifeline(0);
        peer = new TestPeer();
        admin = Repository.freePort();
    }

    @AfterEach
    void stop() throws Exception {
        responder.close();
        lifeline.close();
        peer.close();
    }

    private Path config(String prefixes) throws IOException {
        String config =
                TestConfig.onLoopback(
                        peer.port(),
                        responder.address().getPort(),
                        lifeline.uri(),
                        "  timeout: 2s\n",
                        admin);
        return Files.writeString(
                folder.resolve("announcer.yaml"), config.replace("\"192.0.2.0/24\"", prefixes));
    }

    private Program announcer(String options) throws Exception {
        Program program =
                Program.start(
                        List.of(
                                Repository.launcher("bgp-announcer"),
                                "run",
                                "--config",
                                config("\"192.0.2.0/24\"").toString()),
                        Map.of("JAVA_OPTS", options));
        program.awaitLine("^ready", LIMIT);
        assertEquals("open", peer.next(), program::tail);
        assertEquals("announce 192.0.2.0/24", peer.next(), program::tail);
        return program;
    }

    @Test
    void hangupReloadsAndNeverLosesARoute() throws Exception {
        try (Program program = announcer("")) {
            config("\"192.0.2.0/24\", \"203.0.113.0/24\"");
            program.signal("HUP");
            program.awaitLine("reload result=DONE .*203.0.113.0/24", LIMIT);
            assertEquals("announce 203.0.113.0/24", peer.next(), program::tail);
            Files.writeString(folder.resolve("announcer.yaml"), "identity: [");
            program.signal("HUP");
            program.awaitLine("WARN .*reload result=INVALID", LIMIT);
            config("\"203.0.113.0/24\"");
            program.signal("HUP");
            program.awaitLine("WARN .*reload result=REFUSED .*would be withdrawn", LIMIT);
            for (String signal : Program.MEANINGLESS_SIGNALS) {
                program.signal(signal);
                assertTrue(program.alive(), signal + program.tail());
            }
            program.awaitLine("SIGUSR1 has no meaning here", LIMIT);
            config("\"192.0.2.0/24\", \"203.0.113.0/24\", \"192.88.99.0/24\"");
            program.signal("HUP");
            // Nothing was withdrawn in between.
            assertEquals("announce 192.88.99.0/24", peer.next(), program::tail);
            program.signal(Program.Signal.TERM);
            assertEquals(0, program.awaitExit(LIMIT), program::tail);
            LogFormat.check(program);
        }
    }

    @Test
    void anotherNodeThatAnswersAtTheAddressEndsTheRoute() throws Exception {
        try (Program program = announcer("")) {
            responder.bend(TestResponder.node("fra1"));
            assertEquals("withdraw 192.0.2.0/24", peer.next(), program::tail);
            responder.bend(TestResponder.RIGHT);
            assertEquals("announce 192.0.2.0/24", peer.next(), program::tail);
        }
    }

    @Test
    void promtoolFindsNoFaultInTheMetrics() throws Exception {
        try (Program program = announcer("")) {
            String scrape =
                    Promtool.check(URI.create("http://127.0.0.1:" + admin + "/metrics"), folder);
            assertTrue(scrape.contains("le=\"5e-05\""), scrape);
            assertTrue(
                    scrape.contains("anycast_internal_errors_total{thread=\"probe-status\"} 0.0"),
                    scrape);
            LogFormat.check(program);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "loop.Watchdog#park, watchdog",
        "loop.HealthLoop#take, health",
        "driver.NeighborDriver#advertiseDesired, multiThread"
    })
    void aVitalThreadThatThrowsEndsTheProcessAndTheRoute(String place, String thread)
            throws Exception {
        String[] parts = place.split("#");
        Fault fault =
                new Fault(
                        "org.anycastdns.announcer." + parts[0], parts[1], folder.resolve("go"), 1);
        try (Program program = announcer(fault.option(folder))) {
            fault.inject();
            lifeline.die(); // The decision that follows passes through all of them.
            assertEquals(1, program.awaitExit(LIMIT), program::tail);
            program.awaitLine("(thread " + thread + ".* died|the health loop died)", LIMIT);
            String step = peer.next();
            while (!step.equals("closed")) {
                step = peer.next();
            }
        }
    }

    @Test
    void aThreadThatIsNoMatterOfLifeBeginsAnewAndIsCounted() throws Exception {
        Fault fault =
                new Fault(
                        "org.anycastdns.announcer.check.StatusPage",
                        "read",
                        folder.resolve("go"),
                        1);
        try (Program program = announcer(fault.option(folder))) {
            fault.inject();
            program.awaitLine("internal error in thread probe-status \\(1 so far\\)", LIMIT);
            String scrape =
                    Promtool.check(URI.create("http://127.0.0.1:" + admin + "/metrics"), folder);
            assertTrue(
                    scrape.contains("anycast_internal_errors_total{thread=\"probe-status\"} 1.0"),
                    scrape);
            assertTrue(program.alive());
        }
    }
}
