package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The whole lab on the engine of this machine: one lab for all tests, one after the other.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("lab")
class LabIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// Where measurements and the screenshot stay, for whoever looks at a run.
    private static final Path ARTEFACTS = Path.of("target/lab").toAbsolutePath();

    /// Queries per second of each client; five clients over 20 s make 30,000, and two cores carry
    /// them.
    private static final String RATE = "--rate=300";

    @BeforeAll
    static void up() throws IOException, InterruptedException {
        Program engine = Program.run(LIMIT, List.of(Tools.require("docker"), "version"));
        if (engine.awaitExit(LIMIT) != 0) {
            Tools.missing("no container engine runs: deploy/check, run as root, starts one");
        }
        Files.createDirectories(ARTEFACTS);
        lab(0, "down");
        lab(0, "up");
    }

    @AfterAll
    static void down() throws IOException, InterruptedException {
        lab(0, "down");
        Program left =
                Program.run(
                        LIMIT,
                        List.of("docker", "ps", "-aq", "--filter", "label=org.anycastdns.lab"));
        assertEquals("", left.text(Program.Stream.OUT));
        Program networks =
                Program.run(
                        LIMIT,
                        List.of(
                                "docker",
                                "network",
                                "ls",
                                "-q",
                                "--filter",
                                "label=org.anycastdns.lab"));
        assertEquals("", networks.text(Program.Stream.OUT));
    }

    @Test
    @Order(1)
    void everyClientReachesTheNearestPopOverBothFamilies() throws Exception {
        assertCatchment("dublin", "ams");
        assertCatchment("paris", "ams");
        assertCatchment("boston", "iad");
        assertCatchment("osaka", "nrt");
        assertCatchment("delhi", "nrt");
    }

    @Test
    @Order(2)
    void mistakesAreToldInOneSentence() throws Exception {
        assertTrue(lab(1, "kill", "xyz").contains("there is no PoP xyz; there are ams, nrt, iad"));
        assertTrue(lab(1, "measure", "flood").contains("there is no scenario flood"));
        assertTrue(lab(1, "up").contains("the lab is up already"));
        assertTrue(lab(1, "trace", "rome").contains("there is no client rome"));
    }

    @Test
    @Order(3)
    void theWayOfAPacketIsToldByNames() throws Exception {
        String trace = lab(0, "trace", "paris");
        assertTrue(trace.matches("(?s).*router fr.*router eu.*PoP ams.*"), trace);
        assertTrue(lab(0, "dig", "osaka", "www.example.com").contains("(\"nrt\")"));
    }

    @Test
    @Order(4)
    void aCrashIsAShortGap() throws Exception {
        lab(0, "measure", "crash", RATE, "--output=" + ARTEFACTS);
        assertCatchment("dublin", "ams");
    }

    @Test
    @Order(5)
    void aHangIsAShortGap() throws Exception {
        lab(0, "measure", "hang", RATE, "--output=" + ARTEFACTS);
    }

    @Test
    @Order(6)
    void aDrainLosesNothing() throws Exception {
        lab(0, "measure", "drain", RATE, "--output=" + ARTEFACTS);
    }

    @Test
    @Order(7)
    void aZoneReachesEveryPopWithoutAWrongAnswer() throws Exception {
        lab(0, "measure", "zone-push", RATE, "--output=" + ARTEFACTS);
    }

    @Test
    @Order(8)
    void aPopWithoutPowerIsLeftBehind() throws Exception {
        lab(0, "measure", "poweroff", RATE, "--output=" + ARTEFACTS);
        assertCatchment("paris", "ams");
    }

    @Test
    @Order(9)
    void theButtonKillsAPopAndItsClientsChangeColour() throws Exception {
        try (Program page = Program.start(command("open", "--port=0"))) {
            String ready = page.awaitLine("ready: http", LIMIT).text();
            String url = ready.replaceAll(".*(http://127\\.0\\.0\\.1:\\d+/).*", "$1");
            try (Browser browser = new Browser(url)) {
                String pop = "document.getElementById('client-dublin')?.dataset.pop";
                String colour = "document.getElementById('client-dublin')?.getAttribute('fill')";
                browser.await(pop, "ams");
                String before = browser.value(colour);
                browser.value("document.querySelector('#pop-ams [data-action=kill]').click()");
                browser.await(pop, "iad");
                browser.await("document.getElementById('pop-ams').dataset.state", "withdrawn");
                assertTrue(!browser.value(colour).equals(before), "the colour is still " + before);
                browser.screenshot(ARTEFACTS.resolve("page-killed.png"));
                browser.value("document.querySelector('#pop-ams [data-action=start]').click()");
                browser.await(pop, "ams");
            }
            page.signal(Program.Signal.TERM);
            page.awaitExit(LIMIT);
        }
    }

    private static void assertCatchment(String client, String pop) throws Exception {
        Json state = Json.parse(lab(0, "json"));
        assertEquals("[" + pop + ", " + pop + "]", state.at("catchment", client).text());
    }

    /// Runs a command of the lab, which has to end with an exit code, and gives what it printed.
    private static String lab(int code, String... arguments)
            throws IOException, InterruptedException {
        try (Program lab = Program.run(LIMIT, command(arguments))) {
            assertEquals(code, lab.awaitExit(LIMIT), lab::tail);
            return lab.text(Program.Stream.OUT) + lab.text(Program.Stream.ERR);
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of("lab").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
