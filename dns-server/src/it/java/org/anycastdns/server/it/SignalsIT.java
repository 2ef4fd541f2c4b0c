package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.LogFormat;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Tests how the responder reacts to signals.
class SignalsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path zones;

    private void zone(String address) throws IOException {
        Files.writeString(
                zones.resolve("a.test.zone"),
                """
                $TTL 300
                @ SOA ns hostmaster 1 3600 600 604800 300
                @ NS ns
                ns A %s
                """
                        .formatted(address));
    }

    @Test
    void hangupReloadsAndTheOldZoneStaysWhenTheNewOneIsBad()
            throws IOException, InterruptedException {
        zone("192.0.2.1");
        Path config = Files.writeString(zones.resolve("server.yaml"), "reload: {watch: false}\n");
        try (Server server = Server.start(zones, "--config", config.toString())) {
            zone("192.0.2.2");
            assertEquals("NOERROR 192.0.2.1", server.answer("ns.a.test.", Type.A));
            server.program().signal("HUP");
            server.program().awaitLine("SIGHUP: reload ok: loaded 1", LIMIT);
            assertEquals("NOERROR 192.0.2.2", server.answer("ns.a.test.", Type.A));
            zone("not an address");
            int mark = server.program().mark();
            server.program().signal("HUP");
            server.program().awaitLine(mark, "SIGHUP: reload failed: .* problems 1", LIMIT);
            assertEquals("NOERROR 192.0.2.2", server.answer("ns.a.test.", Type.A));
            assertTrue(server.program().alive());
        }
    }

    /// As `nohup` starts programs.
    @Test
    void hangupReloadsThoughTheParentIgnoresIt() throws IOException, InterruptedException {
        zone("192.0.2.1");
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        List<String> line =
                new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
        line.addAll(Server.arguments(zones, port, adminPort));
        try (Server server = new Server(Program.start(line), port, adminPort)) {
            server.program().awaitLine("^ready", Server.START_LIMIT);
            server.program().signal("HUP");
            server.program().awaitLine("SIGHUP: reload ok", LIMIT);
            assertTrue(server.program().alive());
        }
    }

    @Test
    void meaninglessSignalsDoNoHarm() throws IOException, InterruptedException {
        zone("192.0.2.1");
        try (Server server = Server.start(zones)) {
            for (String signal : Program.MEANINGLESS_SIGNALS) {
                server.program().signal(signal);
                assertEquals("NOERROR 192.0.2.1", server.answer("ns.a.test.", Type.A), signal);
            }
            server.program().awaitLine("SIGUSR1 has no meaning here", LIMIT);
            LogFormat.check(server.program());
            server.program().signal(Program.Signal.TERM);
            assertEquals(0, server.program().awaitExit(LIMIT), server.program()::tail);
        }
    }
}
