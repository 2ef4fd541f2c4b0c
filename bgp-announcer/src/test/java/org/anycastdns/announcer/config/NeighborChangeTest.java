package org.anycastdns.announcer.config;

import static org.anycastdns.announcer.config.ConfigFixture.CONTRACT;
import static org.anycastdns.announcer.config.ConfigFixture.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows B2 and B3 of the inputs from the field: which changes make a session anew.
class NeighborChangeTest {

    private static String with(String option) {
        return CONTRACT.replace("remote-as: 65001", "remote-as: 65001\n    " + option);
    }

    private static String key(String option) {
        return option.substring(0, option.indexOf(':'));
    }

    private static String change(String before, String after) {
        List<NeighborChange> changes = NeighborChange.between(valid(before), valid(after));
        return changes.stream().map(NeighborChange::text).reduce((a, b) -> a + "\n" + b).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "med: 1 | med: 2",
                "prepend: 1 | prepend: 2",
                "local-pref: 50 | local-pref: 60",
                "communities: ['65001:1'] | communities: ['65001:2']",
                "large-communities: ['65001:1:1'] | large-communities: ['65001:1:2']",
                "only: [dns] | only: [ipv4, ipv6]",
                "except: ['192.0.3.0/24'] | except: ['192.0.4.0/24']",
                "next-hop: 198.51.100.7 | next-hop: 198.51.100.8",
                "next-hop-v6: '2001:db8::7' | next-hop-v6: '2001:db8::8'"
            })
    void whatAnUpdateCarriesChangesOnTheRunningSessionWithAndWithoutBfd(String one, String other) {
        String expected =
                "neighbor 198.51.100.1 port 179: the session stays; UPDATEs for " + key(one);
        assertEquals(expected, change(with(one), with(other)));
        assertEquals(expected, change(CONTRACT, with(other)));
        assertEquals(
                expected, change(with("bfd: true\n    " + one), with("bfd: true\n    " + other)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hold-time: 9s | hold-time: 30s",
                "role: customer | role: peer",
                "password: one | password: two",
                "source-address: 198.51.100.2 | source-address: 198.51.100.3",
                "ttl-security: false | ttl-security: true",
                "multihop: 1 | multihop: 2"
            })
    void whatOpenOrTheConnectionHasSettledMakesTheSessionAnew(String one, String other) {
        assertEquals(
                "neighbor 198.51.100.1 port 179: the session is made anew because of " + key(one),
                change(with(one), with(other)));
    }

    @Test
    void theRouterIdAndBothAsNumbersMakeItAnew() {
        String text = "neighbor 198.51.100.1 port 179: the session is made anew because of ";
        assertEquals(
                text + "router-id",
                change(CONTRACT, CONTRACT.replace("198.51.100.2", "198.51.100.3")));
        assertEquals(text + "local-as", change(CONTRACT, CONTRACT.replace("65010", "65011")));
        assertEquals(text + "remote-as", change(CONTRACT, CONTRACT.replace("65001", "65002")));
    }

    @Test
    void whatANeighborDoesNotGetDoesNotMatterToIt() {
        String six =
                with("only: [ipv6]")
                        .replace(
                                "health:",
                                "  - {address: 198.51.100.9, remote-as: 65001}\nhealth:");
        assertEquals(
                """
                neighbor 198.51.100.1 port 179: the session stays
                neighbor 198.51.100.9 port 179: the session stays; UPDATEs for prefixes\
                """,
                change(six, six.replace("[\"192.0.2.0/24\"", "[\"203.0.113.0/24\"")));
    }

    @Test
    void anAsNumberInAnotherNotationIsTheSame() {
        String dotted = CONTRACT.replace("65001", "1.10").replace("65010", "0.65010");
        assertFalse(
                NeighborChange.between(valid(CONTRACT.replace("65001", "65546")), valid(dotted))
                        .getFirst()
                        .isNoticed());
        assertFalse(
                NeighborChange.between(
                                valid(CONTRACT.replace("65001", "internal")),
                                valid(CONTRACT.replace("65001", "65010")))
                        .getFirst()
                        .isNoticed());
    }

    @Test
    void bfdChangesOnItsOwn() {
        String text = "neighbor 198.51.100.1 port 179: the session stays; BFD ";
        assertEquals(
                text + "changes its parameters and stays up",
                change(with("bfd: true"), with("bfd: {interval: 100ms}")));
        assertEquals(text + "begins", change(CONTRACT, with("bfd: true")));
        assertEquals(
                text + "ends, on which some routers end the session",
                change(with("bfd: true"), CONTRACT));
    }

    @Test
    void aPasswordThatMovesIntoAFileIsTheSame(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "s3cret\n");
        List<NeighborChange> changes =
                NeighborChange.between(
                        valid(with("password: s3cret")), valid(with("password-file: " + file)));
        assertFalse(changes.getFirst().isNoticed(), changes::toString);
    }

    @Test
    void anotherBfdKeyMakesBfdAnew(@TempDir Path folder) throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "s3cret\n");
        Path same = Files.writeString(folder.resolve("same"), "s3cret");
        Path other = Files.writeString(folder.resolve("other"), "another\n");
        String before = with("bfd: {key-file: " + one + "}");
        assertEquals(
                "neighbor 198.51.100.1 port 179: the session stays; BFD is made anew",
                change(before, with("bfd: {key-file: " + other + "}")));
        List<NeighborChange> changes =
                NeighborChange.between(valid(before), valid(with("bfd: {key-file: " + same + "}")));
        assertFalse(changes.getFirst().isNoticed(), changes::toString);
    }

    @Test
    void hopsThatNobodyCountsMakeNothingAnew() {
        String internal = CONTRACT.replace("65001", "65010");
        assertFalse(
                NeighborChange.between(
                                valid(internal),
                                valid(
                                        internal.replace(
                                                "remote-as: 65010",
                                                "remote-as: 65010\n    multihop: 9")))
                        .getFirst()
                        .isNoticed());
    }

    @Test
    void neighborsAndPrefixesComeAndGo() {
        String two =
                CONTRACT.replace(
                        "health:", "  - {address: 198.51.100.9, remote-as: 65001}\nhealth:");
        assertEquals(
                """
                neighbor 198.51.100.1 port 179: the session stays
                neighbor 198.51.100.9 port 179: a session begins\
                """,
                change(CONTRACT, two));
        assertEquals(
                """
                neighbor 198.51.100.1 port 179: the session stays
                neighbor 198.51.100.9 port 179: the session ends\
                """,
                change(two, CONTRACT));
        assertEquals(
                "neighbor 198.51.100.1 port 179: the session stays; UPDATEs for prefixes",
                change(CONTRACT, CONTRACT.replace(", \"2001:db8:53::/48\"", "")));
    }
}
