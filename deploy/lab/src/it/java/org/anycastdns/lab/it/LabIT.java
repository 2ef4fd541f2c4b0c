package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Network.Ipam;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.lab.engine.Json;
import org.anycastdns.lab.recipe.Compose;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The whole lab on the engine of this machine: one lab for all tests, one after the other.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LabIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// Where measurements and the screenshot stay, for whoever looks at a run.
    private static final Path ARTIFACTS = Path.of("target/lab").toAbsolutePath();

    /// Queries per second of each client: a gap is seen to 5 ms, five clients make 20,000 queries
    /// in 20 s, and two cores that do other things as well carry them.
    private static final String RATE = "--rate=200";

    /// Who reaches whom over both families when every PoP is well.
    private static final Map<String, String> NEAREST =
            Map.of(
                    "dublin", "ams", "paris", "ams", "boston", "iad", "osaka", "nrt", "delhi",
                    "nrt");

    /// One of the lab's.
    private static final String SUBNET = "198.51.100.8/29";

    private static final Pattern METRIC = Pattern.compile("([a-z_]+)\\{instance");

    /// What every operator may expect, once the images are built, on a machine that does nothing
    /// else. On a busy one it takes longer by as much as the machine has more to do than it can.
    private static final int UP_SECONDS = 60;

    /// BGP's slowest timer between two updates of a route (RFC 4271 section 10) is 30 s. On a busy
    /// machine sessions end because a router heard nothing, and are opened again.
    private static final Duration SPREAD_LIMIT = Duration.ofMinutes(4);

    /// A zone of the primary, and one that is a file on every PoP.
    private static final String FED = "example.com";

    private static final String FILES = "2.0.192.in-addr.arpa";

    /// The serials of the lab's zones.
    private static final Pattern SERIAL = Pattern.compile("\\b20\\d{8}\\b");

    private static final Pattern UP = Pattern.compile("up after (\\d+) s");

    @BeforeAll
    static void needsAnEngine() throws IOException, InterruptedException {
        DockerClient _ = Images.engine();
        Files.createDirectories(ARTIFACTS);
        lab(0, "down");
    }

    @AfterAll
    static void down() throws IOException, InterruptedException {
        lab(0, "down");
        assertNothingIsLeft();
    }

    @Test
    @Order(1)
    void aSubnetInUseIsToldBeforeAnythingStarts() throws Exception {
        DockerClient engine = Images.engine();
        String intruder =
                engine.createNetworkCmd()
                        .withName("lab-it-intruder")
                        .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(SUBNET)))
                        .exec()
                        .getId();
        try {
            assertTrue(
                    lab(1, "up").contains("lab: the subnet " + SUBNET + " is in use"),
                    "no sentence about the subnet");
        } finally {
            engine.removeNetworkCmd(intruder).exec();
        }
        assertNothingIsLeft();
        assertTrue(lab(1, "status").contains("the lab is not up: start it with `lab up`"));
    }

    @Test
    @Order(2)
    void anInterruptedUpIsCleanedUp() throws Exception {
        try (Program up = Program.start(command("up"))) {
            Eventually.seen(
                    "a container",
                    LIMIT,
                    () -> Images.containers(Images.engine(), Compose.LABEL),
                    there -> !there.isEmpty());
            up.signal(Program.Signal.TERM);
            up.awaitExit(LIMIT);
            String told = up.text(Program.Stream.OUT) + up.text(Program.Stream.ERR);
            assertTrue(
                    told.endsWith("lab: interrupted; `lab down` removes what was started\n"), told);
        }
        lab(0, "down");
        assertNothingIsLeft();
    }

    @Test
    @Order(3)
    void itIsUpWithinAMinuteAndEveryClientReachesTheNearestPop() throws Exception {
        double busy = busy();
        Matcher up = UP.matcher(lab(0, "up"));
        double limit = UP_SECONDS * Math.max(busy, busy());
        assertTrue(up.find() && Integer.parseInt(up.group(1)) < limit, up::toString);
        assertCatchment(NEAREST);
    }

    @Test
    @Order(4)
    void mistakesAreToldInOneSentence() throws Exception {
        assertTrue(lab(1, "kill", "xyz").contains("there is no PoP xyz; there are ams, nrt, iad"));
        assertTrue(lab(1, "measure", "flood").contains("there is no scenario flood"));
        assertTrue(lab(1, "up").contains("the lab is already up"));
        assertTrue(lab(1, "trace", "rome").contains("there is no client rome"));
        assertTrue(lab(1, "drain", "primary").contains("there is no PoP primary"));
        String told = lab(1, "deploy", published("primary", FED).toString());
        assertTrue(told.contains("already: raise it in " + FED + ".zone"), told);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String open = lab(1, "open", "--port=" + taken.getLocalPort());
            assertTrue(open.contains("port %d on".formatted(taken.getLocalPort())), open);
        }
    }

    @Test
    @Order(5)
    void theWayOfAPacketIsToldByNames() throws Exception {
        assertCatchment(NEAREST);
        String trace = lab(0, "trace", "paris");
        assertTrue(trace.matches("(?s).*router fr.*router eu.*PoP ams.*"), trace);
        assertTrue(lab(0, "dig", "osaka", "www.example.com").contains("(\"nrt\")"));
    }

    @Test
    @Order(6)
    void aCrashIsAShortGap() throws Exception {
        measure(ARTIFACTS, "crash", "--pop=ams");
    }

    /// At the PoP whose router is FRR; the others have BIRD.
    @Test
    @Order(7)
    void aHangIsAShortGap() throws Exception {
        measure(ARTIFACTS, "hang", "--pop=nrt");
    }

    @Test
    @Order(8)
    void aZoneReachesEveryPopWithoutAWrongAnswer() throws Exception {
        measure(ARTIFACTS, "zone-push");
    }

    @Test
    @Order(9)
    void aZoneOfFilesReachesEveryPopToo() throws Exception {
        measure(ARTIFACTS.resolve("files"), "zone-push", "--zone=" + FILES);
    }

    @Test
    @Order(10)
    void aDeployOnThePrimaryBringsTheChangesToEveryPop() throws Exception {
        long serial = deploy();
        for (String pop : List.of("ams", "nrt", "iad")) {
            String log = docker("logs", "anycast-lab-" + pop + "-dns");
            assertTrue(
                    log.matches(
                            "(?s).*zone example\\.com\\. transferred: kind=ixfr [^\n]*->%d .*"
                                    .formatted(serial)),
                    log);
        }
        String digest =
                Eventually.seen(
                                "one digest, of the primary and of every PoP",
                                LIMIT,
                                LabIT::digests,
                                digests -> digests.size() == 1 && !digests.contains(""))
                        .iterator()
                        .next();
        String status = lab(0, "status");
        String shown = serial + "  " + digest.substring(0, 8) + "  ";
        assertTrue(status.matches("(?s).*\nprimary +us +running .*" + shown + "feeds 3.*"), status);
        assertTrue(status.matches("(?s).*\nnrt +ap +running .*" + shown + "same.*"), status);
    }

    @Test
    @Order(11)
    void aPopWithoutPowerIsLeftBehind() throws Exception {
        measure(ARTIFACTS, "poweroff", "--pop=nrt");
        assertCatchment(NEAREST);
    }

    @Test
    @Order(12)
    void aDrainLosesNothing() throws Exception {
        measure(ARTIFACTS, "drain", "--pop=ams");
    }

    /// The zones that a PoP has are in its state folder.
    @Test
    @Order(13)
    void withoutThePrimaryThePopsServeAndAlsoStart() throws Exception {
        long serial = deploy();
        lab(0, "kill", "primary");
        String told = lab(1, "deploy", next().toString());
        assertTrue(told.contains("start it with `lab start primary`"), told);
        lab(0, "kill", "nrt");
        lab(0, "start", "nrt");
        assertEquals(Map.of("ams", serial, "iad", serial, "nrt", serial), serials());
        assertCatchment(NEAREST);
        assertTrue(lab(0, "dig", "osaka", "www.example.com").contains("(\"nrt\")"));
        lab(0, "start", "primary");
        deploy();
    }

    @Test
    @Order(14)
    void theButtonKillsAPopAndItsClientsChangeColor() throws Exception {
        try (Program page = Program.start(command("open", "--port=0"))) {
            String ready = page.awaitLine("ready: http", LIMIT).text();
            String url = ready.replaceAll(".*(http://127\\.0\\.0\\.1:\\d+/).*", "$1");
            try (Browser browser = new Browser(url)) {
                String pop = "document.getElementById('client-boston')?.dataset.pop";
                String color = "document.getElementById('client-boston')?.getAttribute('fill')";
                browser.await(pop, "iad");
                browser.await("document.getElementById('pop-iad').dataset.zones", "same");
                browser.await(
                        "/serial \\d+ · digest [0-9a-f]{8}$/.test(document.querySelector('#pop-iad .zone').textContent)",
                        "true");
                String before = browser.value(color);
                browser.value("document.querySelector('#pop-iad [data-action=kill]').click()");
                browser.await("document.getElementById('pop-iad').dataset.state", "withdrawn");
                browser.await("['ams','nrt'].includes(%s)".formatted(pop), "true");
                assertTrue(!browser.value(color).equals(before), "the color is still " + before);
                browser.screenshot(ARTIFACTS.resolve("page-killed.png"));
                browser.value("document.querySelector('#pop-iad [data-action=start]').click()");
                browser.await(pop, "iad");
            }
            assertTheDashboardNamesWhatIsThere(url);
            page.signal(Program.Signal.TERM);
            page.awaitExit(LIMIT);
        }
    }

    @Test
    @Order(15)
    void onePopMoreTakesItsNeighborhoodAndNothingElse() throws Exception {
        lab(0, "add", "sin");
        Map<String, String> nearest = new TreeMap<>(NEAREST);
        nearest.put("delhi", "sin");
        assertCatchment(nearest);
        Set<String> serials = new TreeSet<>();
        lab(0, "status")
                .lines()
                .map(line -> line.replaceAll(".* (\\d{10})( .*|$)", "$1"))
                .filter(serial -> serial.matches("\\d{10}"))
                .forEach(serials::add);
        assertEquals(1, serials.size(), "PoPs serve different serials: " + serials);
    }

    /// Measures a scenario, once every client has settled at its nearest PoP.
    private static void measure(Path output, String... scenario) throws Exception {
        assertCatchment(NEAREST);
        List<String> arguments = new ArrayList<>(List.of("measure"));
        arguments.addAll(List.of(scenario));
        arguments.addAll(List.of(RATE, "--output=" + output));
        lab(0, arguments.toArray(String[]::new));
    }

    /// Deploys a new version of the primary's zone, and waits until every PoP has it.
    ///
    /// @return its serial
    private static long deploy() throws Exception {
        Path next = next();
        String told = lab(0, "deploy", next.toString());
        Matcher serial = SERIAL.matcher(Files.readString(next));
        assertTrue(serial.find());
        long expected = Long.parseLong(serial.group());
        for (String machine : List.of("primary", "ams", "nrt", "iad")) {
            assertTrue(
                    told.matches(
                            "(?s).*\\b%s +%d -> %d after \\d+ ms\n.*"
                                    .formatted(machine, expected - 1, expected)),
                    told);
        }
        assertEquals(Map.of("ams", expected, "iad", expected, "nrt", expected), serials());
        for (Json pop : Json.parse(lab(0, "json")).at("pops").list()) {
            assertEquals(List.of(), pop.at("differences").list(), pop::text);
        }
        return expected;
    }

    /// Returns a file with the next version of the primary's zone: another serial and a record
    /// more.
    private static Path next() throws IOException {
        String text = Files.readString(published("primary", FED));
        String raised =
                SERIAL.matcher(text)
                        .replaceFirst(found -> "" + (Long.parseLong(found.group()) + 1));
        Path folder = Files.createDirectories(ARTIFACTS.resolve("next"));
        return Files.writeString(
                folder.resolve(FED + ".zone"),
                raised + "more" + raised.length() + " IN A 192.0.2.99\n");
    }

    private static Path published(String machine, String zone) {
        return Path.of("run", machine, "zones", zone + ".zone").toAbsolutePath();
    }

    /// Returns the serial of the primary's zone on each PoP.
    private static Map<String, Long> serials() throws IOException, InterruptedException {
        Map<String, Long> serials = new TreeMap<>();
        for (Json pop : Json.parse(lab(0, "json")).at("pops").list()) {
            if (!pop.at("pop").text().isEmpty()) {
                serials.put(pop.at("pop").text(), (long) pop.at("zones", FED, "serial").number());
            }
        }
        return serials;
    }

    /// Returns the digests of the primary's zone, there and on each PoP.
    private static Set<String> digests() throws IOException, InterruptedException {
        Set<String> digests = new TreeSet<>();
        for (Json machine : Json.parse(lab(0, "json")).at("pops").list()) {
            digests.add(machine.at("zones", FED, "digest").text());
        }
        return digests;
    }

    private static String docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try (Program docker = Program.run(LIMIT, command)) {
            docker.awaitExit(LIMIT);
            return docker.text(Program.Stream.OUT) + docker.text(Program.Stream.ERR);
        }
    }

    /// Returns how much more this machine has to do than it can at once, at least 1.
    private static double busy() {
        OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
        return Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors());
    }

    /// Every metric that the Grafana dashboard asks for is one of the two programs'.
    private static void assertTheDashboardNamesWhatIsThere(String url) throws Exception {
        String there = "";
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String program : List.of("dns-server", "bgp-announcer")) {
                URI metrics = URI.create(url + "metrics/iad/" + program);
                there +=
                        http.send(
                                        HttpRequest.newBuilder(metrics).build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body();
            }
        }
        Set<String> asked = new TreeSet<>();
        Json dashboard =
                Json.parse(Files.readString(Path.of("monitoring/grafana/anycast-dns.json")));
        for (Json panel : dashboard.at("panels").list()) {
            METRIC.matcher(panel.at("targets", 0, "expr").text())
                    .results()
                    .forEach(found -> asked.add(found.group(1)));
        }
        assertTrue(asked.size() > 5, asked::toString);
        Set<String> given = new TreeSet<>();
        there.lines().forEach(line -> given.add(line.replaceAll("[{ ].*", "")));
        asked.removeAll(given);
        assertEquals(Set.of(), asked);
    }

    /// Routes take a moment to spread after the last PoP has announced.
    private static void assertCatchment(Map<String, String> expected) throws Exception {
        Map<String, String> both = new TreeMap<>(expected);
        both.replaceAll((_, pop) -> "[" + pop + ", " + pop + "]");
        Eventually.seen(
                "the catchment " + both,
                SPREAD_LIMIT,
                () -> catchment(expected.keySet()),
                both::equals);
    }

    private static Map<String, String> catchment(Set<String> clients)
            throws IOException, InterruptedException {
        Json reached = Json.parse(lab(0, "json")).at("catchment");
        Map<String, String> found = new TreeMap<>();
        for (String client : clients) {
            found.put(client, reached.at(client).text());
        }
        return found;
    }

    private static void assertNothingIsLeft() {
        Images.assertNothingIsLeft(Images.engine(), Compose.LABEL);
        assertFalse(Files.exists(Path.of("run")));
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
