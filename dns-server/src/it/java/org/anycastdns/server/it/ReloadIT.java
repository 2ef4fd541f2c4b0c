package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Tests zone files that change while they are served.
class ReloadIT {

    /// A change is loaded within a second; a busy machine gets more time.
    private static final Duration PICKED_UP = Duration.ofSeconds(10);

    private static final int HOSTS = 40;

    @TempDir private Path zones;
    private Server server;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        write("example.com.zone", zone(HOSTS, "192.0.2.1"));
        server = Server.start(zones);
        assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aSyntaxErrorChangesNoAnswerAndIsVisibleInLogStatusMetricsAndCheckUntilItIsMended()
            throws IOException, InterruptedException {
        String broken = zone(HOSTS, "192.0.2.2") + "bad IN A 192.0.2.256\n";
        long line = broken.lines().count();
        String place = "example\\.com\\.zone:" + line + ":\\d+";
        String failures = failedReloads();
        write("example.com.zone", broken);

        server.program().awaitLine(place, PICKED_UP);
        assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));
        Eventually.seen(
                "the error in /status",
                PICKED_UP,
                () -> server.page("/status"),
                page -> page.matches("(?s).*" + place + ".*"));
        Eventually.seen(
                "the failure in /metrics",
                PICKED_UP,
                this::failedReloads,
                now -> !now.equals(failures));
        Program check =
                Program.run(
                        Server.START_LIMIT,
                        List.of(
                                Repository.launcher("dns-server"),
                                "check",
                                zones.resolve("example.com.zone").toString()));
        assertEquals(1, check.awaitExit(PICKED_UP), check::tail);
        check.awaitLine(place, PICKED_UP);

        write("example.com.zone", zone(HOSTS, "192.0.2.2"));
        awaitAnswer("www.example.com.", "NOERROR 192.0.2.2");
        Eventually.seen(
                "no error left in /status",
                PICKED_UP,
                () -> server.page("/status"),
                page -> !page.matches("(?s).*" + place + ".*"));
    }

    @Test
    void aZoneIsServedWhenItsFileComesAndRefusedWhenItGoes()
            throws IOException, InterruptedException {
        assertEquals("REFUSED", server.answer("www.example.net.", Type.A));
        write("example.net.zone", zone(HOSTS, "192.0.2.3"));
        awaitAnswer("www.example.net.", "NOERROR 192.0.2.3");
        Files.delete(zones.resolve("example.net.zone"));
        awaitAnswer("www.example.net.", "REFUSED");
        assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));
    }

    @Test
    void aZoneThatLostMoreThanHalfOfItsRecordsIsRefusedUntilForced()
            throws IOException, InterruptedException {
        write("example.com.zone", zone(HOSTS / 4, "192.0.2.4"));
        server.program().awaitLine("(?i)refus.*example\\.com|example\\.com.*refus", PICKED_UP);
        assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));
        Program plain = server.command("reload");
        assertEquals(1, plain.awaitExit(PICKED_UP), plain::tail);
        assertEquals("NOERROR 192.0.2.1", server.answer("www.example.com.", Type.A));

        Program forced = server.command("reload", "--force");
        assertEquals(0, forced.awaitExit(PICKED_UP), forced::tail);
        awaitAnswer("www.example.com.", "NOERROR 192.0.2.4");
    }

    @Test
    void theStatusCommandShowsTheZones() throws IOException, InterruptedException {
        Program status = server.command("status");
        assertEquals(0, status.awaitExit(PICKED_UP), status::tail);
        assertTrue(status.text(Program.Stream.OUT).contains("example.com"), status::tail);
    }

    private void awaitAnswer(String name, String expected) throws InterruptedException {
        Eventually.seen(
                name,
                PICKED_UP,
                () -> server.answer(name, Type.A),
                answer -> answer.equals(expected));
    }

    /// Returns the lines of /metrics that count failed reloads.
    private String failedReloads() throws IOException, InterruptedException {
        return String.join(
                "\n",
                server.page("/metrics")
                        .lines()
                        .filter(line -> line.startsWith("dns_reload") && line.contains("failed"))
                        .toList());
    }

    private void write(String name, String text) throws IOException {
        Path draft = Files.writeString(zones.resolve(name + ".tmp"), text);
        Files.move(draft, zones.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String zone(int hosts, String www) {
        StringBuilder text =
                new StringBuilder("$TTL 300\n@ IN SOA ns1 hostmaster 1 2h 15m 2w 5m\n");
        text.append("@ IN NS ns1\nns1 IN A 192.0.2.53\nwww IN A ").append(www).append('\n');
        for (int i = 0; i < hosts; i++) {
            text.append("host").append(i).append(" IN A 198.51.100.").append(i).append('\n');
        }
        return text.toString();
    }
}
