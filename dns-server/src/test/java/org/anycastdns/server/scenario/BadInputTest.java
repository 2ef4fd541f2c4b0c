package org.anycastdns.server.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Zones at the limits of the protocol and of good sense: a right answer or a clear error, in
/// bounded time and memory.
@Timeout(300)
class BadInputTest {

    private static final String HEAD =
            """
            $TTL 300
            @ SOA ns.example. hostmaster.example. 1 7200 900 1209600 300
            @ NS ns.example.
            """;

    private static final String NEGATIVE =
            """
            authority:
              example. 300 IN SOA ns.example. hostmaster.example. 1 7200 900 1209600 300
            """;

    @TempDir private Path folder;

    private Path zone(String origin, CharSequence records) throws IOException {
        return Files.writeString(
                folder.resolve(origin + ".zone"), HEAD + records, StandardCharsets.ISO_8859_1);
    }

    /// The name of `octets` octets in wire format below "example.", which takes 9.
    private static String name(int octets) {
        StringBuilder name = new StringBuilder();
        int left = octets - 9;
        while (left > 0) {
            int size = Math.min(left == 65 ? 63 : 64, left);
            name.append("x".repeat(size - 1)).append('.');
            left -= size;
        }
        return name + "example.";
    }

    @Test
    void aNameOf255OctetsIsServedAndOneOf256IsAnError() throws IOException {
        String longest = name(255);
        Scenario server = Scenario.serving(zone("example", longest + " A 192.0.2.1\n"));
        assertEquals(
                "NOERROR flags: qr aa\nanswer:\n  " + longest + " 300 IN A 192.0.2.1\n",
                server.ask(longest + " A"));
        // What is as long and not there, and the empty non-terminal right above.
        assertEquals(
                "NXDOMAIN flags: qr aa\n" + NEGATIVE,
                server.ask("y" + longest.substring(1) + " A"));
        assertEquals(
                "NOERROR flags: qr aa\n" + NEGATIVE,
                server.ask(longest.substring(longest.indexOf('.') + 1) + " A"));
        Problem problem =
                Scenario.read(zone("example", name(256) + " A 192.0.2.1\n")).problems().getFirst();
        assertTrue(problem.isError() && problem.line() == 4, problem::toString);
    }

    @Test
    void aWildcardExpandsToTheLongestNameAndADnameBeyondItIsAnError() throws IOException {
        Scenario server =
                Scenario.serving(
                        zone("example", "*.w A 192.0.2.1\nd DNAME much.longer.example.\n"));
        String longest = name(253).replace("example.", "w.example.");
        assertEquals(
                "NOERROR flags: qr aa\nanswer:\n  " + longest + " 300 IN A 192.0.2.1\n",
                server.ask(longest + " A"));
        assertTrue(
                server.ask(name(253).replace("example.", "d.example.") + " A")
                        .startsWith("YXDOMAIN flags: qr aa\nanswer:\n  d.example. 300 IN DNAME"));
    }

    @Test
    void aNameOf127LabelsIsServed() throws IOException {
        String deepest = "1.".repeat(126) + "a.";
        Scenario server = Scenario.serving(zone("a", "1.".repeat(126) + "a. A 192.0.2.1\n"));
        assertEquals(
                "NOERROR flags: qr aa\nanswer:\n  " + deepest + " 300 IN A 192.0.2.1\n",
                server.ask(deepest + " A"));
        assertTrue(server.ask("2." + deepest.substring(2) + " A").startsWith("NXDOMAIN"));
        assertTrue(server.ask("1.".repeat(60) + "a. A").startsWith("NOERROR flags: qr aa\nauth"));
    }

    @Test
    void aTextOf65000OctetsComesOverTcpAndIsTruncatedOverUdp() throws IOException {
        String text = ("\"" + "x".repeat(249) + "\" ").repeat(260);
        Scenario server = Scenario.serving(zone("example", "big TXT " + text + "\n"));
        assertEquals("NOERROR flags: qr aa tc\n", server.ask("big.example. TXT"));
        assertEquals(
                "NOERROR flags: qr aa\nanswer:\n  big.example. 300 IN TXT "
                        + text.replace("\"", "").strip()
                        + "\n",
                server.ask("big.example. TXT +tcp"));
    }

    @Test
    void aChainOfAHundredThousandCnamesIsCutOff() throws IOException {
        StringBuilder records = new StringBuilder("c100000 A 192.0.2.1\n");
        for (int i = 0; i < 100_000; i++) {
            records.append("c%d CNAME c%d\n".formatted(i, i + 1));
        }
        Scenario server = Scenario.serving(zone("example", records));
        String start = server.ask("c0.example. A +edns");
        assertTrue(start.startsWith("NOERROR flags: qr aa\nanswer:\n  c0.example."), start);
        assertTrue(start.contains("ede=0 CNAME or DNAME chain too long"), start);
        String end = server.ask("c99990.example. A +edns");
        assertTrue(end.contains("c100000.example. 300 IN A 192.0.2.1"), end);
    }

    @Test
    void circlesOfCnamesAndDnamesEnd() throws IOException {
        Scenario server =
                Scenario.serving(
                        zone(
                                "example",
                                """
                                a CNAME b
                                b CNAME a
                                grow DNAME x.grow
                                one DNAME two
                                two DNAME one
                                *.wild CNAME again.wild
                                """));
        for (String name : new String[] {"a", "x.grow", "x.one", "x.wild"}) {
            String reply = server.ask(name + ".example. A +tcp +edns");
            assertTrue(reply.startsWith("NOERROR flags: qr aa\nanswer:"), reply);
            assertFalse(reply.contains("authority"), reply);
        }
    }

    @Test
    void aHundredThousandWildcardsAreAllFound() throws IOException {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            // Side by side, below each other, and asterisks that are no first label.
            records.append(
                    switch (i % 3) {
                        case 0 -> "*.w%d A 192.0.2.1\n".formatted(i);
                        case 1 -> "*.sub.*.w%d A 192.0.2.1\n".formatted(i);
                        default -> "%s.w%d A 192.0.2.1\n".formatted("*.".repeat(i % 5) + "*", i);
                    });
        }
        Scenario server = Scenario.serving(zone("example", records));
        String answer = "NOERROR flags: qr aa\nanswer:\n  %s 300 IN A 192.0.2.1\n";
        for (int i = 0; i < 3_000; i += 3) {
            String name = "a.b.w" + i + ".example.";
            assertEquals(answer.formatted(name), server.ask(name + " A"));
            name = "x.sub.*.w" + (i + 1) + ".example.";
            assertEquals(answer.formatted(name), server.ask(name + " A"));
            name = "x." + "*.".repeat((i + 2) % 5) + "w" + (i + 2) + ".example.";
            assertEquals(answer.formatted(name), server.ask(name + " A"));
        }
        assertEquals("NXDOMAIN flags: qr aa\n" + NEGATIVE, server.ask("a.other.example. A"));
    }
}
