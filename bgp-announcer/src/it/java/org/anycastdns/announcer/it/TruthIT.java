package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Program.Stream;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;

/// Rows B4, B5, B6, B8, B10 and B11 of the inputs from the field: what the announcer says is what
/// is so. The built programs run, and BIRD is the router. The session is an internal one, which
/// shows LOCAL_PREF.
class TruthIT extends BesideRouter {

    private static final Duration LIMIT = Programs.LIMIT;

    /// What `sysexits.h` calls EX_OSERR.
    private static final int UNAVAILABLE = 71;

    private static final String SESSION =
            RouterNetwork.session("").replace("as 65001;", "as 65010;");

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";

    @Test
    void b4b5b6whatIsWantedWhatIsSentAndWhyNot() throws Exception {
        network.responder(Repository.root().resolve("zones"));
        Path file = Files.writeString(folder.resolve("truth.yaml"), config(""));
        Program announcer =
                network.programs().start(network.pop(), Programs.announcerCommand(file));
        Program.Line ready = announcer.awaitLine("^ready", LIMIT);
        assertTrue(ready.text().contains("; sent: nothing yet ("), ready.text());
        assertNotSent("cannot connect: Connection refused");
        assertMatches(
                "(Idle|Active) since " + TIME + ", next attempt " + TIME + "|Connect since",
                status());

        network.bird(SESSION);
        Eventually.seen("ready", LIMIT, () -> network.page("/ready"), TruthIT::isWell);
        String status = status();
        assertMatches(
                "announced 192\\.0\\.2\\.0/24 since "
                        + TIME
                        + ": next hop 198\\.51\\.100\\.2,"
                        + " LOCAL_PREF 100\n",
                status);
        assertMatches("^ams1: ANNOUNCED since " + TIME + ", sent to 1 of 1 neighbors\n", status);
        assertWantedAndSent(1, 1);
        drained();
        shutDownByItsOperator();
        linkDown();
    }

    /// Row B4: the attributes are those on the wire, which BIRD shows too.
    private void drained() throws Exception {
        drain();
        String table = seen("unattractive route", network::table, "BGP.local_pref: 0\n");
        assertTrue(table.contains("BGP.med: 1000\n"), table);
        String status = status();
        Matcher announced = Pattern.compile("announced 192.0.2.0/24 since .*").matcher(status);
        assertTrue(announced.find(), status);
        assertTrue(
                announced.group().endsWith("198.51.100.2, MED 1000, LOCAL_PREF 0"),
                announced.group());
        assertFalse(table.contains("BGP.as_path: 65010") || table.contains("community"), table);
        HttpResponse<String> ready = network.page("/ready");
        assertEquals(200, ready.statusCode(), "deliberately out of traffic: " + ready.body());
        assertEquals(0, network.command("resume").awaitExit(LIMIT));
        String _ = seen("attractive route", network::table, "BGP.local_pref: 100\n");
    }

    /// Row B5: the words of the router's operator stay, with their time, whatever fails later.
    private void shutDownByItsOperator() throws Exception {
        network.birdc("disable", "pop", "\"maintenance tonight\"");
        String later =
                Eventually.seen(
                        "another error",
                        LIMIT,
                        this::status,
                        text ->
                                text.contains("NOTIFICATION received")
                                        && text.contains("cannot connect"));
        assertMatches(
                "last NOTIFICATION received: 6/2 Administrative Shutdown \"maintenance tonight\", "
                        + TIME,
                later);
        assertMatches("last error: .+, " + TIME + "\n", later);
        assertMatches("^ams1: NOT SENT \\(wanted: ANNOUNCED\\) since " + TIME, later);
        assertMatches("not announced 192\\.0\\.2\\.0/24: ", later);
        assertNotSent("198.51.100.1");
        network.birdc("enable", "pop");
        Eventually.seen("ready", LIMIT, () -> network.page("/ready"), TruthIT::isWell);
        assertMatches("NOTIFICATION received: .*maintenance tonight", status());
        endedByADrain();
    }

    /// Waits until a text has a part, and returns the text.
    private static String seen(String what, Callable<String> text, String part)
            throws InterruptedException {
        return Eventually.seen(what, LIMIT, text, now -> now.contains(part));
    }

    private void drain() throws IOException, InterruptedException {
        assertEquals(0, network.command("drain", "--reason", "disk swap").awaitExit(LIMIT));
    }

    /// What has happened stays known when a drain has ended the session.
    private void endedByADrain() throws Exception {
        Path file = folder.resolve("truth.yaml");
        Files.writeString(file, config("").replace("wait: 10m", "wait: 1s, linger: 1s"));
        assertEquals(0, network.command("reload").awaitExit(LIMIT));
        drain();
        String status = seen("the end of the session", this::status, "AS65010: Idle since 20");
        assertMatches("NOTIFICATION received: .*maintenance tonight", status);
        assertMatches(
                "NOTIFICATION sent: 6/2 Administrative Shutdown \"drained by operator: disk swap\"",
                status);
        assertEquals(200, network.page("/ready").statusCode());
        assertEquals(0, network.command("resume").awaitExit(LIMIT));
        Eventually.seen("ready", LIMIT, () -> network.page("/ready"), TruthIT::isWell);
        assertMatches("NOTIFICATION received: .*maintenance tonight", status());
    }

    /// Row B6: an error has a reason in words.
    private void linkDown() throws Exception {
        network.programs().run(network.router(), "ip", "link", "set", network.router(), "down");
        String status = seen("failed attempt", this::status, "last error: cannot connect: ");
        assertMatches("last error: cannot connect: [A-Z]?[a-z]+ [a-z ]+, " + TIME, status);
        assertFalse(status.contains("null") || status.contains("(.."), status);
        assertMatches(", next attempt " + TIME + "|: Connect since ", status);
        assertMatches("last NOTIFICATION sent: 4/0 Hold Timer Expired, " + TIME, status);
        assertNotSent("198.51.100.1");
    }

    /// Checks what every page says while the route is wanted and not sent.
    private void assertNotSent(String reason) throws Exception {
        HttpResponse<String> ready =
                Eventually.seen(
                        "why not",
                        LIMIT,
                        () -> network.page("/ready"),
                        page ->
                                page.body().contains("192.0.2.0/24 has been sent to no neighbor")
                                        && page.body().contains(reason));
        assertEquals(503, ready.statusCode(), ready.body());
        assertWantedAndSent(1, 0);
        String json = network.page("/status").body();
        assertTrue(
                json.contains(
                        "{\"prefix\":\"192.0.2.0/24\",\"wanted\":\"announce\",\"sent-to\":0,"
                                + "\"neighbors\":1}"),
                json);
    }

    private void assertWantedAndSent(int wanted, int sent) throws Exception {
        String metrics = network.page("/metrics").body();
        for (String line :
                new String[] {
                    "anycast_wanted{service=\"dns\"} " + wanted,
                    "anycast_announcing{service=\"dns\"} " + sent,
                    "bgp_session_up{neighbor=\"198.51.100.1\"} " + sent,
                    "bgp_prefix_announced{prefix=\"192.0.2.0/24\"} " + sent
                }) {
            assertTrue(metrics.contains(line + ".0\n") || metrics.contains(line + "\n"), line);
        }
    }

    /// Row B8: what can fail is opened before a router hears of us.
    @Test
    void b8aPortThatIsTakenFailsBeforeAnyRouterHearsOfUs() throws Exception {
        Program bird = network.bird(SESSION);
        ServerSocket taken =
                Inside.call(
                        network.pop(),
                        () -> new ServerSocket(179, 1, InetAddress.ofLiteral("198.51.100.2")));
        try (taken) {
            Program announcer = network.announcer(config("listen: [\"198.51.100.2:179\"]\n"));
            assertEquals(UNAVAILABLE, announcer.awaitExit(LIMIT), announcer::tail);
            announcer.awaitLine("cannot listen for BGP on 198.51.100.2:179: .*in use", LIMIT);
            String trace = bird.text(Stream.ERR);
            assertFalse(trace.contains("Incoming connection"), trace);
        }
    }

    /// Rows B10 and B11: `check` judges the file; what only this host lacks, `run` finds.
    @Test
    void b10b11checkJudgesTheFileAndRunTheHost() throws Exception {
        for (String wrong :
                new String[] {
                    config("").replace("router-id: 198.51.100.2", "router-id: 192.0.2.7"),
                    config("").replace("address: 198.51.100.1", "address: 192.0.2.1"),
                    config("").replace("local-as: 65010", "local-as: 23456"),
                    config("").replace("remote-as: 65010", "remote-as: 65535"),
                    config("").replace("remote-as: 65010", "remote-as: 0")
                }) {
            Program check = check(wrong);
            assertEquals(2, check.awaitExit(LIMIT), check::tail);
            check.awaitLine("truth\\.yaml:\\d+:\\d+: ", LIMIT);
        }
        String elsewhere =
                config("").replace("address: 198.51.100.1", "address: \"fe80::1%nosuch0\"");
        Program check = check(elsewhere);
        assertEquals(0, check.awaitExit(LIMIT), check::tail);
        check.awaitLine("this host has no interface nosuch0", LIMIT);
        Program run = network.announcer(elsewhere);
        assertEquals(UNAVAILABLE, run.awaitExit(LIMIT), run::tail);
        run.awaitLine("neighbors\\[0\\]\\.address: .*no interface nosuch0", LIMIT);
    }

    private Program check(String configuration) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("truth.yaml"), configuration);
        return network.command("check", "--config", file.toString());
    }

    private String status() throws IOException, InterruptedException {
        return network.status();
    }

    private static boolean isWell(HttpResponse<String> ready) {
        return ready.statusCode() == 200 && ready.body().equals("OK\n");
    }

    private static void assertMatches(String regex, String text) {
        assertTrue(Pattern.compile(regex, Pattern.MULTILINE).matcher(text).find(), text);
    }

    /// A service without a lifeline, so that nobody knows when its clients are gone, and the first
    /// phase of a drain lasts.
    private static String config(String more) {
        return """
        identity: ams1
        router-id: 198.51.100.2
        local-as: 65010
        neighbors: [{address: 198.51.100.1, remote-as: 65010, hold-time: 9s}]
        lease: 10s
        drain: {wait: 10m}
        services:
          - name: dns
            prefixes: ["192.0.2.0/24"]
            checks:
              - dns: {server: "192.0.2.53:53", names: [example.com], timeout: 5s, fall: 10}
        """
                + more;
    }
}
