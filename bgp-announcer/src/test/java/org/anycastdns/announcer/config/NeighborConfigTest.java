package org.anycastdns.announcer.config;

import static java.util.Objects.requireNonNull;
import static org.anycastdns.announcer.config.ConfigFixture.CONTRACT;
import static org.anycastdns.announcer.config.ConfigFixture.assertProblems;
import static org.anycastdns.announcer.config.ConfigFixture.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.bfd.BfdAuthentication;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Role;
import org.anycastdns.daemon.config.Loaded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The options of a neighbor.
class NeighborConfigTest {

    @Test
    void neighborsMayConnectWhereThatIsConfiguredAndAreToldApartByTheirAddress() {
        assertEquals(List.of(), valid(CONTRACT).listen());
        Config config = valid("listen: [\"198.51.100.2:179\", \"[2001:db8::2]:179\"]\n" + CONTRACT);
        assertEquals(2, config.listen().size());
        String passive =
                CONTRACT.replace("remote-as: 65001", "remote-as: 65001\n    passive: true");
        assertProblems(
                passive, "a.yaml:8:14: neighbors[0].passive: needs 'listen': nobody would connect");
        String twice = "  - {address: 198.51.100.1, remote-as: 65002, port: 1179}\nhealth:";
        valid(CONTRACT.replace("health:", twice));
        assertProblems(
                CONTRACT.replace("health:", twice) + "listen: [\"198.51.100.2:179\"]\n",
                "a.yaml:8:15: neighbors[1].address: neighbor 198.51.100.1 port 1179 is listed twice");
    }

    @Test
    void aLinkLocalNeighborIsNamedWithItsInterface() {
        String local = CONTRACT.replace("198.51.100.1", "\"fe80::1%1\"");
        assertEquals("fe80::1%1", Addresses.text(valid(local).neighbors().getFirst().at()));
        assertProblems(
                local.replace("%1", ""),
                "a.yaml:6:14: neighbors[0].address: fe80::1 is link-local: name its interface too,"
                        + " e.g. \"fe80::1%eth0\"");
        for (String wrong : List.of("%", "%a b", "%nosuch0%1", "%sixteen-octets-x")) {
            assertProblems(
                    local.replace("%1", wrong),
                    "a.yaml:6:14: neighbors[0].address: must be an IP address, e.g. 198.51.100.1, not"
                            + " 'fe80::1"
                            + wrong
                            + "'");
        }
        String twice = "  - {address: \"fe80::1%1\", remote-as: 65002}\nhealth:";
        assertProblems(
                local.replace("health:", twice),
                "a.yaml:8:15: neighbors[1].address: neighbor fe80::1%1 port 179 is listed twice, if on two links: give one"
                        + " router another link-local address");
    }

    /// Row B11 of the inputs from the field.
    @Test
    void b11TheInterfaceOfALinkLocalNeighborNeedNotBeOnTheHostThatChecks() {
        String elsewhere = CONTRACT.replace("198.51.100.1", "\"fe80::1%nosuch0\"");
        Loaded.Valid<?> loaded =
                assertInstanceOf(Loaded.Valid.class, ConfigFixture.parse(elsewhere));
        assertEquals(
                List.of(
                        "a.yaml:6:14: neighbors[0].address: fe80::1%nosuch0: this host has no"
                                + " interface nosuch0 with a link-local address"),
                loaded.warnings().stream().map(Object::toString).toList());
        assertEquals(
                List.of(
                        "neighbors[0].address: fe80::1%nosuch0: this host has no interface nosuch0"
                                + " with a link-local address"),
                AddressRules.unavailable(valid(elsewhere)));
        assertEquals(List.of(), AddressRules.unavailable(valid(CONTRACT)));
    }

    /// Row B10 of the inputs from the field.
    @Test
    void b10AddressesInAnAnnouncedPrefixAndReservedAsNumbersAreErrors() {
        String inside =
                " lies in the announced prefix 192.0.2.0/24, which leads to any PoP; use an address of this PoP alone";
        assertProblems(
                CONTRACT.replace("198.51.100.2", "192.0.2.1"),
                "a.yaml:2:12: router-id: 192.0.2.1" + inside);
        assertProblems(
                CONTRACT.replace("198.51.100.1", "192.0.2.254"),
                "a.yaml:6:14: neighbors[0].address: 192.0.2.254" + inside);
        for (String key : List.of("next-hop", "source-address")) {
            assertProblems(
                    CONTRACT.replace(
                            "remote-as: 65001", "remote-as: 65001\n    " + key + ": 192.0.2.9"),
                    problem ->
                            assertTrue(
                                    problem.endsWith(
                                            "neighbors[0]." + key + ": 192.0.2.9" + inside),
                                    problem));
        }
        assertProblems(
                CONTRACT + "next-hop-v6: \"2001:db8:53::2\"\n",
                problem ->
                        assertTrue(
                                problem.contains("next-hop-v6: 2001:db8:53::2 lies in"), problem));
        Map<String, String> reserved =
                Map.of("65535", "RFC 7300", "23456", "RFC 6793", "4294967295", "RFC 7300");
        reserved.forEach((asn, rfc) -> {
            String says = "AS " + asn + " is reserved (" + rfc + ")";
            assertProblems(
                    CONTRACT.replace("65001", asn), "a.yaml:7:16: neighbors[0].remote-as: " + says);
            assertProblems(CONTRACT.replace("65010", asn), "a.yaml:3:11: local-as: " + says);
        });
        assertProblems(
                CONTRACT.replace("65010", "0"),
                "a.yaml:3:11: local-as: must be an AS number within 1 to 4294967295, e.g. 65010 or 1.10, not '0'");
    }

    @Test
    void aPasswordIsTakenFromEitherPlaceAndNeverShown(@TempDir Path folder) throws IOException {
        String here = CONTRACT.replace("65001", "65001\n    password: s3cret");
        assertEquals("s3cret", valid(here).neighbors().getFirst().key());
        assertFalse(valid(here).toString().contains("s3cret"), valid(here).toString());
        Path file = Files.writeString(folder.resolve("key"), "s3cret two\n");
        String there = CONTRACT.replace("65001", "65001\n    password-file: " + file);
        assertEquals("s3cret two", valid(there).neighbors().getFirst().key());
        assertNull(valid(CONTRACT).neighbors().getFirst().key());
        assertProblems(
                there.replace("    password-file", "    password: a\n    password-file"),
                "a.yaml:9:20: neighbors[0].password-file: is given beside password: remove one");
        assertProblems(
                here.replace("s3cret", "s3cret".repeat(14)),
                "a.yaml:8:15: neighbors[0].password: must have 1 to 80 octets");
        assertProblems(
                CONTRACT.replace("65001", "65001\n    password-file: " + folder.resolve("none")),
                problem -> assertTrue(problem.contains("it cannot be read"), problem));
    }

    @Test
    void aNeighborHasAPolicy() {
        String policy =
                """
                65001
                    prepend: 2
                    med: 4294967295
                    local-pref: 50
                    communities: ["65001:42", 65535:0]
                    large-communities: ["4200000000:1:42"]\
                """;
        Config.Neighbor neighbor = valid(CONTRACT.replace("65001", policy)).neighbors().getFirst();
        assertEquals(
                "2 4294967295 50 [65001:42, 65535:0] [4200000000:1:42]",
                "%d %d %d %s %s"
                        .formatted(
                                neighbor.prepend(),
                                neighbor.med(),
                                neighbor.localPref(),
                                neighbor.communities(),
                                neighbor.largeCommunities()));
        Config.Neighbor plain = valid(CONTRACT).neighbors().getFirst();
        assertNull(plain.med());
        assertEquals(100, plain.localPref());
        assertEquals(List.of(), plain.communities());
        assertProblems(
                CONTRACT.replace("65001", policy.replace("2\n", "33\n").replace(":1:42", ":1")),
                """
                a.yaml:8:14: neighbors[0].prepend: must be 0 to 32, not 33
                a.yaml:12:25: neighbors[0].large-communities[0]: must be a large community, e.g.\
                 "65001:1:42", not '4200000000:1'\
                """);
    }

    @Test
    void communitiesThatKeepQueriesAwayNeedAFlag() {
        String black = CONTRACT.replace("65001", "65001\n    communities: [\"65535:666\"]");
        assertProblems(
                black,
                "a.yaml:8:19: neighbors[0].communities[0]: 65535:666 is BLACKHOLE, which keeps queries away;"
                        + " 'allow-unusual-communities: true' sends it all the same");
        assertProblems(
                black.replace("65535:666", "no-advertise"),
                "a.yaml:8:19: neighbors[0].communities[0]: 65535:65282 is NO_ADVERTISE, which keeps queries away;"
                        + " 'allow-unusual-communities: true' sends it all the same");
        valid(black.replace("65535:666", "no-export"));
        valid(black + "allow-unusual-communities: true\n");
    }

    @Test
    void aRoleIsForRoutersInAnotherAs() {
        String customer = CONTRACT.replace("65001", "65001\n    role: rs-client");
        assertEquals(Role.RS_CLIENT, valid(customer).neighbors().getFirst().role());
        assertProblems(
                customer.replace("65001", "65010"),
                "a.yaml:8:11: neighbors[0].role: is for routers in another AS (RFC 9234)");
        assertProblems(
                customer.replace("rs-client", "client"),
                "a.yaml:8:11: neighbors[0].role: must be provider, rs, rs-client, customer or"
                        + " peer, not 'client'");
    }

    @Test
    void hopsAreCounted() {
        Config.Neighbor plain = valid(CONTRACT).neighbors().getFirst();
        assertFalse(plain.ttlSecurity());
        assertEquals(1, plain.multihop());
        String both = "65001\n    ttl-security: true\n    multihop: 255";
        assertTrue(valid(CONTRACT.replace("65001", both)).neighbors().getFirst().ttlSecurity());
        assertProblems(
                CONTRACT.replace("65001", "65001\n    multihop: 256"),
                "a.yaml:8:15: neighbors[0].multihop: must be 1 to 255, not 256");
    }

    @Test
    void bfdIsOffOnOrSaidHow() {
        assertNull(valid(CONTRACT).neighbors().getFirst().bfd());
        assertNull(valid(bfd("false")).neighbors().getFirst().bfd());
        assertEquals(
                bfd(Duration.ofMillis(300), 3), valid(bfd("true")).neighbors().getFirst().bfd());
        assertEquals(
                bfd(Duration.ofMillis(100), 5),
                valid(bfd("{interval: 100ms, multiplier: 5}")).neighbors().getFirst().bfd());
        assertEquals(bfd(Duration.ofMillis(300), 3), valid(bfd("{}")).neighbors().getFirst().bfd());
        assertProblems(
                bfd("yes"),
                "a.yaml:8:10: neighbors[0].bfd: must be true, false or the keys"
                        + " interval, multiplier, key-file, key-id, authentication, not"
                        + " 'yes'");
        assertProblems(
                bfd("{interval: 5ms, multiplier: 0}"),
                """
                a.yaml:8:21: neighbors[0].bfd.interval: must be 10ms to 1m, not 5ms
                a.yaml:8:38: neighbors[0].bfd.multiplier: must be 1 to 255, not 0\
                """);
    }

    @Test
    void bfdIsSignedWithAKeyInAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "s3cret\n");
        assertEquals(
                new BfdAuthentication(BfdAuthentication.Type.METICULOUS_KEYED_SHA1, 1, "s3cret"),
                signature("{key-file: " + file + "}"));
        assertEquals(
                new BfdAuthentication(BfdAuthentication.Type.KEYED_SHA1, 0, "s3cret"),
                signature("{key-file: " + file + ", key-id: 0, authentication: keyed-sha1}"));
        assertNull(signature("{key-id: 7}"));
        Path wide = Files.writeString(folder.resolve("wide"), "s".repeat(21));
        assertProblems(
                bfd("{key-file: " + wide + "}"),
                "a.yaml:8:21: neighbors[0].bfd.key-file: must have 1 to 20 octets");
    }

    private static @Nullable BfdAuthentication signature(String bfd) {
        return requireNonNull(valid(bfd(bfd)).neighbors().getFirst().bfd()).signature();
    }

    @Test
    void bfdIsForOneAddressOnTheSameLink() {
        assertProblems(
                bfd("true\n    multihop: 2"),
                "a.yaml:8:10: neighbors[0].bfd: is for routers on the same link (RFC 5881), and"
                        + " multihop is 2");
        String again = "\n  - {address: 198.51.100.1, port: 1179, remote-as: 65001, bfd: true}";
        assertProblems(
                bfd("true" + again), "a.yaml:9:64: neighbors[1].bfd: 198.51.100.1 has BFD already");
    }

    private static String bfd(String value) {
        return CONTRACT.replace("65001", "65001\n    bfd: " + value);
    }

    private static Config.Bfd bfd(Duration interval, int multiplier) {
        return new Config.Bfd(
                interval, multiplier, null, 1, BfdAuthentication.Type.METICULOUS_KEYED_SHA1);
    }
}
