package org.anycastdns.announcer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.loop.Replay;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process, between a test responder and a test neighbor.
class RunTest {

    @TempDir private Path folder;

    @Test
    void announcesWithdrawsAnnouncesAgainAndSaysGoodBye() throws Exception {
        try (TestResponder responder = new TestResponder("ams1");
                TestLifeline lifeline = new TestLifeline(0);
                TestPeer peer = new TestPeer()) {
            int admin = Repository.freePort();
            Process process = start(config(responder, lifeline, peer, admin));
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                String ready = out.readLine();
                assertNotNull(ready, this::log);
                assertTrue(ready.startsWith("ready: ams1"), ready);
                assertEquals("open", peer.next(), this::log);
                assertEquals("announce 192.0.2.0/24", peer.next(), this::log);
                int port = lifeline.port();
                lifeline.die();
                assertEquals("withdraw 192.0.2.0/24", peer.next(), this::log);
                try (TestLifeline restarted = new TestLifeline(port)) {
                    assertEquals("announce 192.0.2.0/24", peer.next(), this::log);
                    assertEquals(0, execute("drain", "--reason", "disk swap", admin));
                    for (String step :
                            List.of(
                                    "announce 192.0.2.0/24", // and less attractive
                                    "withdraw 192.0.2.0/24",
                                    "notification 6/2 drained by operator: disk swap",
                                    "closed")) {
                        assertEquals(step, peer.next(), this::log);
                    }
                    assertEquals(0, execute("resume", admin));
                    assertEquals("open", peer.next(), this::log);
                    assertEquals("announce 192.0.2.0/24", peer.next(), this::log);
                    assertEquals(0, execute("status", admin));
                    assertTrue(restarted.port() > 0);
                    process.destroy(); // SIGTERM
                    assertEquals("announce 192.0.2.0/24", peer.next(), this::log);
                    assertEquals("withdraw 192.0.2.0/24", peer.next(), this::log);
                    assertEquals(
                            "notification 6/2 bgp-announcer was told to stop",
                            peer.next(),
                            this::log);
                }
                assertTrue(process.waitFor(20, TimeUnit.SECONDS));
                assertEquals(0, process.exitValue(), this::log);
            } finally {
                process.destroyForcibly();
            }
        }
        assertTrue(log().contains("cause=lifeline_closed why=\"lifeline: "), this::log);
        assertTrue(log().contains("cause=operator why=\"drained by operator: disk swap\""));
        Replay replay = Replay.of(folder.resolve("recording"));
        assertTrue(replay.recorded().size() >= 5, replay::toString);
        assertEquals(replay.recorded(), replay.replayed());
    }

    private Process start(Path config) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--record",
                        folder.resolve("recording").toString(),
                        "--config",
                        config.toString())
                .redirectError(folder.resolve("log").toFile())
                .start();
    }

    private static int execute(String command, int admin) {
        return Main.commandLine().execute(command, "--admin", "127.0.0.1:" + admin);
    }

    private static int execute(String command, String option, String value, int admin) {
        return Main.commandLine().execute(command, option, value, "--admin", "127.0.0.1:" + admin);
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path config(TestResponder responder, TestLifeline lifeline, TestPeer peer, int admin)
            throws IOException {
        return Files.writeString(
                folder.resolve("announcer.yaml"),
                TestConfig.onLoopback(
                        peer.port(),
                        responder.address().getPort(),
                        lifeline.uri(),
                        "  timeout: 2s\n",
                        admin));
    }
}
