package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.anycastdns.testkit.Dig;
import org.anycastdns.testkit.Dig.Section;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Queries the sample zones of zones/ with dig and kdig, over UDP and TCP, IPv4 and IPv6, with both
/// engines.
class SamplesIT {

    private static final Map<String, Server> SERVERS = new TreeMap<>();

    /// A way to send queries.
    record Way(String engine, String command, String address, List<String> options) {

        Dig ask(String... question) throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(List.of(question));
            arguments.addAll(options);
            int port = Objects.requireNonNull(SERVERS.get(engine)).port();
            return Dig.ask(command, address, port, arguments.toArray(String[]::new));
        }

        @Override
        public String toString() {
            return engine + ": " + command + " @" + address + " " + String.join(" ", options);
        }
    }

    /// TCP is the same with both engines.
    static Stream<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (String command : List.of("dig", "kdig")) {
            for (String address : List.of("127.0.0.1", "::1")) {
                ways.add(new Way("mmsg", command, address, List.of()));
                ways.add(new Way("mmsg", command, address, List.of("+tcp")));
                ways.add(new Way("netty", command, address, List.of()));
            }
        }
        return ways.stream();
    }

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        for (String engine : List.of("mmsg", "netty")) {
            SERVERS.put(engine, Server.start(Repository.root().resolve("zones"), "--udp", engine));
        }
    }

    @AfterAll
    static void end() {
        SERVERS.values().forEach(Server::close);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anAliasIsFollowedToItsAddresses(Way way) throws IOException, InterruptedException {
        Dig answer = way.ask("www.example.com", "A");
        assertEquals("NOERROR", answer.status());
        assertEquals(Set.of("qr", "aa"), answer.flags());
        assertEquals(
                List.of(
                        "web.example.com. 300 IN A 192.0.2.80",
                        "web.example.com. 300 IN A 192.0.2.81",
                        "www.example.com. 3600 IN CNAME web.example.com."),
                answer.section(Section.ANSWER),
                answer.text());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aNameThatIsNotThereGetsNxdomainWithTheSoa(Way way)
            throws IOException, InterruptedException {
        Dig answer = way.ask("nothing.example.com", "A");
        assertEquals("NXDOMAIN", answer.status());
        assertEquals(List.of(), answer.section(Section.ANSWER));
        // RFC 2308 section 5: the SOA's TTL is not above its MINIMUM field.
        assertEquals(
                List.of(
                        "example.com. 300 IN SOA ns1.example.com. hostmaster.example.com."
                                + " 2026112201 7200 900 1209600 300"),
                answer.section(Section.AUTHORITY),
                answer.text());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aDelegationIsReferredWithItsGlue(Way way) throws IOException, InterruptedException {
        Dig answer = way.ask("host.branch.example.com", "A");
        assertEquals("NOERROR", answer.status());
        assertEquals(Set.of("qr"), answer.flags());
        assertEquals(
                List.of(
                        "branch.example.com. 86400 IN NS ns1.branch.example.com.",
                        "branch.example.com. 86400 IN NS ns2.branch.example.com."),
                answer.section(Section.AUTHORITY),
                answer.text());
        assertEquals(
                List.of(
                        "ns1.branch.example.com. 3600 IN A 198.51.100.53",
                        "ns1.branch.example.com. 3600 IN AAAA 2001:db8:b::53",
                        "ns2.branch.example.com. 3600 IN A 203.0.113.53"),
                answer.section(Section.ADDITIONAL),
                answer.text());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void wildcardsAndMovedSubtreesMakeNewNames(Way way) throws IOException, InterruptedException {
        assertEquals(
                List.of("any.apps.example.com. 3600 IN A 192.0.2.90"),
                way.ask("any.apps.example.com", "A").section(Section.ANSWER));
        assertEquals(
                List.of(
                        "host.current.example.com. 3600 IN A 192.0.2.94",
                        "host.legacy.example.com. 3600 IN CNAME host.current.example.com.",
                        "legacy.example.com. 3600 IN DNAME current.example.com."),
                way.ask("host.legacy.example.com", "A").section(Section.ANSWER));
        assertEquals("NOERROR", way.ask("b.ent.example.com", "A").status());
        assertEquals("NXDOMAIN", way.ask("x.group.apps.example.com", "A").status());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void reverseNamesAndOtherTypesAreAnswered(Way way) throws IOException, InterruptedException {
        assertEquals("NOERROR", way.ask("-x", "192.0.2.53").status());
        assertEquals(1, way.ask("-x", "192.0.2.53").section(Section.ANSWER).size());
        assertEquals(
                List.of("lab.example.com. 3600 IN TYPE65280 \\# 6 0A000001BEEF"),
                way.ask("lab.example.com", "TYPE65280").section(Section.ANSWER));
        assertEquals("REFUSED", way.ask("www.example.org", "A").status());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theIdentityIsToldByNsidAndChaos(Way way) throws IOException, InterruptedException {
        // "it1" as dig prints it, and in hexadecimal.
        String text = way.ask("www.example.com", "A", "+nsid").text();
        assertTrue(text.contains("it1") || text.contains("697431"), text);
        assertEquals(
                List.of("id.server. 0 CH TXT \"it1\""),
                way.ask("id.server", "TXT", "CH").section(Section.ANSWER));
    }
}
