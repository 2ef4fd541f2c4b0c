package org.anycastdns.announcer.config;

import static org.anycastdns.announcer.config.ConfigFixture.CONTRACT;
import static org.anycastdns.announcer.config.ConfigFixture.assertMistakes;
import static org.anycastdns.announcer.config.ConfigFixture.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Where neighbors are: at an address, behind an interface, or in a range.
class NeighborPlaceTest {

    private static final String LISTENING = "listen: [\"198.51.100.2:179\"]\n" + CONTRACT;

    @Test
    void aNeighborHasAnAddressOrALinkOrARange() {
        Config.Neighbor bound = first(CONTRACT.replace("65001", "65001\n    interface: eth1"));
        assertEquals("198.51.100.1%eth1", bound.name());
        assertFalse(bound.isUnnumbered());
        Config.Neighbor alone = first(CONTRACT.replace("address: 198.51.100.1", "interface: lo"));
        assertEquals("lo", alone.name());
        assertTrue(alone.isUnnumbered());
        Config.Neighbor range =
                first(LISTENING.replace("address: 198.51.100.1", "range: 198.51.100.0/26"));
        assertEquals("198.51.100.0/26", range.name());
        assertEquals(16, range.place().sessionsMax());
    }

    private static Config.Neighbor first(String configuration) {
        return valid(configuration).neighbors().getFirst();
    }

    @Test
    void theSameAddressBehindTwoInterfacesIsTwoNeighbors() {
        String two =
                LISTENING.replace(
                        "65001",
                        "65001\n    interface: eth1\n  - {address: 198.51.100.1, remote-as: 65001, vrf:"
                                + " blue, bfd: true}");
        Config config = valid(two);
        assertEquals(
                List.of("198.51.100.1%eth1", "198.51.100.1%blue"),
                config.neighbors().stream().map(Config.Neighbor::name).toList());
        assertEquals(
                """
                neighbor 198.51.100.1%eth1 port 179: the session stays
                neighbor 198.51.100.1%blue port 179: a session begins; BFD begins\
                """,
                change(two.replaceFirst(" {2}- \\{.*\n", ""), two));
    }

    @Test
    void aRangeChangesItsPolicySoftlyAndItsAddressesAnew() {
        String range = LISTENING.replace("address: 198.51.100.1", "range: 198.51.100.0/26");
        String name = "neighbor 198.51.100.0/26 port 179: ";
        assertEquals(
                name + "the session stays; UPDATEs for med",
                change(range, range.replace("65001", "65001\n    med: 5")));
        assertEquals(
                name + "the session stays",
                change(range, range.replace("65001", "65001\n    sessions-max: 5")));
        assertEquals(
                name.replace("/26", "/25") + "the session is made anew because of range",
                change(range, range.replace("/26", "/25")));
    }

    private static String change(String before, String after) {
        return String.join(
                "\n",
                NeighborChange.between(valid(before), valid(after)).stream()
                        .map(NeighborChange::text)
                        .toList());
    }

    @Test
    void contradictionsAreNamed() {
        assertMistakes(
                LISTENING,
                """
                address: 198.51.100.1 -> port: 179
                a.yaml:7:5: neighbors[0]: has no router: set address, or interface for the only router on its link, or range

                65001 -> 65001\\n    interface: a/b
                a.yaml:9:16: neighbors[0].interface: must be the name of an interface, not 'a/b'

                65001 -> 65001\\n    interface: sixteen-octets-x
                a.yaml:9:16: neighbors[0].interface: must have 1 to 15 octets

                65001 -> 65001\\n    interface: eth1\\n    vrf: blue
                a.yaml:10:10: neighbors[0].vrf: is given beside interface: remove one

                65001 -> 65001\\n    range: 198.51.100.0/26
                a.yaml:9:12: neighbors[0].range: is given beside address: remove one

                address: 198.51.100.1 -> interface: lo\\n    bfd: true
                a.yaml:8:10: neighbors[0].bfd: needs the router's address

                address: 198.51.100.1 -> interface: lo\\n    passive: true\\n    password: s3cret
                a.yaml:8:14: neighbors[0].passive: needs the router's address when there is a password: only then are incoming connections signed

                address: 198.51.100.1 -> range: 198.51.100.0/26\\n    bfd: true
                a.yaml:8:10: neighbors[0].bfd: needs the router's address

                address: 198.51.100.1 -> range: 0.0.0.0/0
                a.yaml:7:12: neighbors[0].range: must be the network of the routers, not 0.0.0.0/0

                65001 -> 65001\\n  - {range: 198.51.100.0/26, remote-as: 65001}\\n  - {range: 198.51.100.16/28, remote-as: 65001}
                a.yaml:10:13: neighbors[2].range: overlaps the range 198.51.100.0/26
                """);
        assertMistakes(
                CONTRACT,
                """
                address: 198.51.100.1 -> range: 198.51.100.0/26
                a.yaml:6:12: neighbors[0].range: needs 'listen': nobody would connect
                """);
    }
}
