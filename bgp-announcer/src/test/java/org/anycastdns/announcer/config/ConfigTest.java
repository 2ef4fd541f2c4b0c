package org.anycastdns.announcer.config;

import static org.anycastdns.announcer.config.ConfigFixture.CONTRACT;
import static org.anycastdns.announcer.config.ConfigFixture.assertMistakes;
import static org.anycastdns.announcer.config.ConfigFixture.assertProblems;
import static org.anycastdns.announcer.config.ConfigFixture.problems;
import static org.anycastdns.announcer.config.ConfigFixture.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.anycastdns.daemon.reference.OptionsPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {

    @Test
    void theContractsExampleIsReadToTheLetter() {
        Config config = valid(CONTRACT);
        assertEquals("ams1", config.identity());
        assertEquals(RouterId.parse("198.51.100.2"), config.routerId());
        assertEquals(65010, config.localAs().number());
        assertEquals(
                List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:53::/48")),
                config.prefixes());
        Config.Neighbor neighbor = config.neighbors().getFirst();
        assertEquals(InetAddress.ofLiteral("198.51.100.1"), neighbor.address());
        assertEquals(65001, neighbor.remoteAs().number());
        assertEquals(
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53),
                health(config).responder());
        assertEquals("http://127.0.0.1:9153/lifeline", health(config).lifeline().toString());
        assertEquals(9179, config.admin().getPort());
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Config config = valid(CONTRACT);
        Config.Neighbor neighbor = config.neighbors().getFirst();
        assertEquals(179, neighbor.port());
        assertEquals(Duration.ofSeconds(9), neighbor.holdTime());
        assertNull(neighbor.sourceAddress());
        assertNull(config.nextHopV6());
        HealthConfig health = health(config);
        assertEquals(
                "[] PT0.2S PT0.2S 3 2 PT1S",
                "%s %s %s %d %d %s"
                        .formatted(
                                health.names(),
                                health.interval(),
                                health.timeout(),
                                health.turn().fall(),
                                health.turn().rise(),
                                config.lease()));
    }

    @Test
    void aMistypedKeyIsNamedWithItsPlaceAndWhatWasMeant() {
        assertProblems(
                CONTRACT.replace("neighbors:", "neigbors:"),
                """
                a.yaml:1:1: neighbors: is missing: The routers to announce to.
                a.yaml:5:1: unknown key 'neigbors'; did you mean 'neighbors'?\
                """);
        assertProblems(
                CONTRACT.replace("    remote-as", "    remot-as"),
                """
                a.yaml:6:5: neighbors[0].remote-as: is missing: Its AS number.
                a.yaml:7:5: unknown key 'neighbors[0].remot-as'; did you mean 'neighbors[0].remote-as'?\
                """);
        assertProblems(
                CONTRACT + "color: blue\n",
                "a.yaml:12:1: unknown key 'color'; the keys here are identity, router-id, local-as,"
                        + " prefixes, next-hop, next-hop-v6, allow-unusual-prefixes,"
                        + " allow-unusual-communities, backstop, listen, neighbors, health,"
                        + " services, lease, depreference, hold-down, drain, fleet, hooks, loopback, admin, admin-token-file, admin-names");
    }

    @Test
    void everyProblemIsShownAtOnceInTheOrderOfTheFile() {
        String text =
                CONTRACT.replace("198.51.100.2", "198.51.100")
                        .replace("65010", "5000000000")
                        .replace("2001:db8:53::/48", "2001:db8:53::1/48")
                        .replace("127.0.0.1:9179", "localhost:9179")
                        .replace("http://127.0.0.1", "http://dns.example.com");
        assertProblems(
                text,
                """
                a.yaml:2:12: router-id: must be a dotted quad, e.g. 198.51.100.2, not '198.51.100'
                a.yaml:3:11: local-as: must be an AS number within 1 to 4294967295, e.g. 65010 or\
                 1.10, not '5000000000'
                a.yaml:4:28: prefixes[1]: must be a prefix, e.g. "192.0.2.0/24" or\
                 "2001:db8:53::/48", not '2001:db8:53::1/48': 2001:db8:53::1/48 has bits set behind\
                 the prefix length
                a.yaml:10:13: health.lifeline: must be http://ADDRESS:PORT/PATH or https:// with an address or\
                 localhost (names would need DNS), not 'http://dns.example.com:9153/lifeline'
                a.yaml:11:8: admin: must be ADDRESS:PORT, e.g. "127.0.0.1:9179" or "[::1]:9179",\
                 not 'localhost:9179'\
                """);
    }

    @Test
    void numbersHaveRanges() {
        assertMistakes(
                CONTRACT,
                """
                65001 -> 65001\\n    hold-time: 2s
                a.yaml:8:16: neighbors[0].hold-time: must be 0s, or 3s to 65535s in whole seconds (RFC 4271), not 2s

                65001 -> 0
                a.yaml:7:16: neighbors[0].remote-as: must be external, internal or an AS number within 1 to 4294967295, e.g. 65001, not '0'

                65001 -> 23456
                a.yaml:7:16: neighbors[0].remote-as: AS 23456 is reserved (RFC 6793)

                65001 -> AS65001
                a.yaml:7:16: neighbors[0].remote-as: must be external, internal or an AS number within 1 to 4294967295, e.g. 65001, not 'AS65001'

                198.51.100.2 -> 0.0.0.0
                a.yaml:2:12: router-id: must not be 0.0.0.0
                """);
    }

    @Test
    void prefixesThatOthersRefuseNeedTheFlag() {
        String flag = "; 'allow-unusual-prefixes: true' announces it all the same";
        for (String[] refused :
                new String[][] {
                    {"0.0.0.0/0", "is the default route"},
                    {"::/0", "is the default route"},
                    {"192.0.2.0/25", "is longer than /24, which other networks refuse"},
                    {"2001:db8::/49", "is longer than /48, which other networks refuse"},
                    {"10.1.0.0/16", "lies in 10.0.0.0/8, which other networks refuse"},
                    {"192.168.0.0/24", "lies in 192.168.0.0/16, which other networks refuse"},
                    {"fd00::/48", "lies outside 2000::/3, which other networks refuse"},
                }) {
            String text = CONTRACT.replace("192.0.2.0/24", refused[0]);
            assertProblems(
                    text, "a.yaml:4:12: prefixes[0]: " + refused[0] + " " + refused[1] + flag);
            valid(text + "allow-unusual-prefixes: true\n");
        }
        valid(CONTRACT.replace("192.0.2.0/24", "10.1.0.0/32").replace("65001", "65010"));
        valid(CONTRACT.replace("192.0.2.0/24", "203.0.113.0/24"));
    }

    @Test
    void addressesMustBeOfTheRightFamily() {
        assertProblems(
                CONTRACT + "next-hop: 2001:db8::1\nnext-hop-v6: 198.51.100.2\n",
                """
                a.yaml:12:11: next-hop: must be an IPv4 address, not 2001:db8:0:0:0:0:0:1
                a.yaml:13:14: next-hop-v6: must be an IPv6 address, not 198.51.100.2\
                """);
        assertProblems(
                CONTRACT.replace("65001", "65001\n    source-address: \"::1\""),
                "a.yaml:8:21: neighbors[0].source-address: must be an IPv4 address, not"
                        + " 0:0:0:0:0:0:0:1");
    }

    @Test
    void whatIsListedTwiceIsAMistake() {
        assertProblems(
                CONTRACT.replace("2001:db8:53::/48", "192.0.2.0/24"),
                "a.yaml:4:28: prefixes[1]: is listed twice");
        assertProblems(CONTRACT + "identity: ams2\n", "a.yaml:12:1: key 'identity' is given twice");
        assertProblems(
                CONTRACT.replace(
                        "health:", "  - { address: 198.51.100.1, remote-as: 65002 }\nhealth:"),
                "a.yaml:8:16: neighbors[1].address: neighbor 198.51.100.1 port 179 is listed twice");
    }

    @Test
    void noMoreNamesCanBeRequiredThanThereAre() {
        String names = "health:\n  names: [a.example, b.example, c.example]\n  names-required: ";
        HealthConfig health = health(valid(CONTRACT.replace("health:", names + "2")));
        assertEquals(2L, health.namesRequired());
        assertProblems(
                CONTRACT.replace("health:", names + "4"),
                "a.yaml:10:19: health.names-required: is 4 of 3 names");
        assertProblems(
                CONTRACT.replace("health:", "health:\n  names-required: 1"),
                "a.yaml:9:19: health.names-required: is 1 of 0 names");
    }

    @Test
    void whatMakesASiteUnattractiveHoldsItDownAndDrainsItHasDefaults() {
        Config config = valid(CONTRACT);
        assertEquals(
                "Depreference[prepend=3, med=1000, gracefulShutdown=true, communities=[],"
                        + " delay=PT5S]",
                config.depreference().toString());
        assertEquals(
                "HoldDown[first=PT10S, longest=PT5M, clean=PT10M]", config.holdDown().toString());
        assertEquals(
                "Drain[phases=Phases[waitTime=PT10S, linger=PT1M, quietRate=5], stop=PT10S,"
                        + " file=null]",
                config.drain().toString());
        assertNull(config.fleet());
        assertEquals(List.of(), config.hooks().command());
        assertProblems(
                CONTRACT + "hold-down: { longest: 5s }\n",
                "a.yaml:12:23: hold-down.longest: is shorter than first");
        assertProblems(
                CONTRACT + "depreference: { communities: [\"65535:666\"] }\n",
                "a.yaml:12:31: depreference.communities[0]: 65535:666 is BLACKHOLE, which keeps queries away;"
                        + " 'allow-unusual-communities: true' sends it all the same");
    }

    @Test
    void aBackstopCoversAPrefixAndIsAsUsualAsOne() {
        assertEquals(
                List.of(Prefix.parse("192.0.2.0/23")),
                valid(CONTRACT + "backstop: [\"192.0.2.0/23\"]\n").backstop());
        assertProblems(
                CONTRACT + "backstop: [\"203.0.113.0/24\"]\n",
                "a.yaml:12:12: backstop[0]: 203.0.113.0/24 covers none of the prefixes");
        assertProblems(
                CONTRACT + "backstop: [\"192.0.2.0/24\"]\n",
                """
                a.yaml:12:12: backstop[0]: 192.0.2.0/24 is listed twice
                a.yaml:12:12: backstop[0]: 192.0.2.0/24 covers none of the prefixes\
                """);
    }

    @Test
    void aFleetNeedsAnAddressOthersAndASecret(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "correct horse battery\n");
        String fleet =
                """
                fleet:
                  listen: "198.51.100.2:9180"
                  sites: ["203.0.113.9:9180"]
                  secret-file: %s
                """
                        .formatted(secret);
        Config.Fleet read = Objects.requireNonNull(valid(CONTRACT + fleet).fleet());
        assertNull(read.withdrawnMax());
        assertEquals(Config.LastSite.ANNOUNCE, read.lastSite());
        assertFalse(read.freeze());
        Config.Fleet other =
                Objects.requireNonNull(
                        valid(CONTRACT + fleet + "  last-site: withdraw\n  freeze: true\n")
                                .fleet());
        assertEquals(Config.LastSite.WITHDRAW, other.lastSite());
        assertTrue(other.freeze());
        assertProblems(
                CONTRACT + fleet + "  last-site: stay\n",
                "a.yaml:16:14: fleet.last-site: must be announce or withdraw, not 'stay'");
        assertFalse(read.toString().contains("horse"), read.toString());
        assertProblems(
                CONTRACT + fleet.replace("203.0.113.9", "198.51.100.2"),
                problem -> assertTrue(problem.contains("is our own address"), problem));
        assertProblems(
                CONTRACT + fleet.replace("\"198.51.100.2:", "\"0.0.0.0:"),
                "a.yaml:13:11: fleet.listen: must be the address the others know us by");
        Files.writeString(secret, "short\n");
        assertProblems(
                CONTRACT + fleet, "a.yaml:15:16: fleet.secret-file: must have 16 to 1024 octets");
    }

    @Test
    void aDifferenceNamesEveryOptionThatChangedAndShowsNoSecret() {
        Config before = valid(CONTRACT.replace("65001", "65001\n    password: s3cret"));
        String changed =
                CONTRACT.replace("65001", "65001\n    password: other\n    prepend: 2")
                        + "drain: { wait: 20s }\n";
        assertEquals(
                """
                ~ drain.wait: 10s -> 20s
                ~ neighbors[198.51.100.1 port 179].password: (secret) -> (secret)
                ~ neighbors[198.51.100.1 port 179].prepend: 0 -> 2\
                """,
                String.join("\n", Difference.lines(before, valid(changed))));
        assertEquals(List.of(), Difference.lines(before, before));
    }

    @Test
    void theShapeMustBeRight() {
        assertMistakes(
                CONTRACT,
                """
                ["192.0.2.0/24", "2001:db8:53::/48"] -> {ipv4: 192.0.2.0/24}
                a.yaml:4:11: prefixes: must be a list, e.g. [ ... ]

                ["192.0.2.0/24", "2001:db8:53::/48"] -> []
                a.yaml:4:11: prefixes: must have 1 to 64 entries, not 0
                """);
        assertProblems("- 1\n", problem -> assertTrue(problem.startsWith("a.yaml:1:1: the file")));
        assertProblems(
                "", "a.yaml: is empty; it must set identity, router-id, local-as, neighbors");
        assertProblems(
                "identity: [ams1\nrouter-id: x\n",
                problem -> assertTrue(problem.startsWith("a.yaml:2:10: is not YAML: "), problem));
    }

    @Test
    void aFileThatIsNestedDeeplyIsAProblemWithItsPlace() {
        assertProblems(
                "identity: " + "[".repeat(500_000), "a.yaml:1:42: is nested deeper than 32 levels");
        assertProblems(
                "health: &a {names: [*a]}",
                "a.yaml:1:21: alias *a: there is no such anchor before it, or it is inside of"
                        + " itself");
    }

    @Test
    void aFileThatCannotBeReadIsSaidInOneSentence(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.yaml");
        assertEquals(
                missing + ": there is no such file", problems(AnnouncerOptions.SET.read(missing)));
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0, 1});
        assertEquals(
                binary + ":1:1: is not text in UTF-8", problems(AnnouncerOptions.SET.read(binary)));
    }

    @Test
    void theReferenceHasEveryOptionWithItsDefault() {
        List<String> lines = OptionsPage.lines(AnnouncerOptions.SET);
        assertTrue(lines.contains("identity: required"), lines.toString());
        assertTrue(lines.contains("neighbors[].hold-time: default 9s, 0s to 65535s"));
        assertTrue(lines.contains("health.names[]: optional, 1 to 16"));
        assertTrue(lines.contains("neighbors[].bfd: optional"));
        assertTrue(lines.contains("neighbors[].bfd.multiplier: default 3, 1 to 255"));
    }

    private static HealthConfig health(Config config) {
        return Objects.requireNonNull(config.health());
    }
}
