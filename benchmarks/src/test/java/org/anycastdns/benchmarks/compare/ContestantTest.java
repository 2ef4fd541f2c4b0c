package org.anycastdns.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How servers are set up.
class ContestantTest {

    private static final Place PLACE =
            new Place(
                    "198.51.100.10",
                    53,
                    "/run/it",
                    "/zones",
                    Map.of("example.test", "/zones/example.test.zone"),
                    false);

    private static Contestant peer(String name) {
        return Contestant.peers().stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyPeerServesEveryZoneAtItsAddress() {
        Map<String, String> files =
                Map.of(
                        "knot", "knot.conf",
                        "nsd", "nsd.conf",
                        "bind", "named.conf",
                        "powerdns", "zones.conf");
        for (Contestant peer : Contestant.peers()) {
            Recipe recipe = peer.recipe().apply(PLACE);
            assertEquals(peer.program(), recipe.command().getFirst());
            String file = String.valueOf(recipe.files().get(files.get(peer.name())));
            assertTrue(file.contains("\"example.test\""), file);
            assertTrue(file.contains("\"/zones/example.test.zone\""), file);
        }
        for (String name : List.of("knot.conf", "nsd.conf", "named.conf", "pdns.conf")) {
            String file = String.valueOf(peer("knot").recipe().apply(PLACE).files().get(name));
            assertTrue(file.contains("198.51.100.10"), file);
        }
    }

    @Test
    void powerDnsIsToldOfSignatures() {
        assertEquals(List.of(), peer("powerdns").recipe().apply(PLACE).before());
        Place signed =
                new Place(
                        PLACE.address(),
                        PLACE.port(),
                        PLACE.folder(),
                        PLACE.zoneFolder(),
                        PLACE.zones(),
                        true);
        Recipe recipe = peer("powerdns").recipe().apply(signed);
        assertEquals(
                List.of("pdnsutil", "--config-dir=/run/it", "set-presigned", "example.test"),
                recipe.before().getLast());
        String keys = "/run/it/" + Configurations.POWERDNS_KEYS;
        assertEquals(
                List.of(
                        List.of("rm", "-f", keys),
                        List.of("pdnsutil", "--config-dir=/run/it", "create-bind-db", keys)),
                recipe.before().subList(0, 2),
                "the second round finds the first one's keys");
    }

    @Test
    void anyServerIsACommandWithPlaces() {
        Contestant tuned =
                Contestant.other("nsd-4.15=/opt/nsd/sbin/nsd -d -c {nsd.conf} -a {address}@{port}");
        assertEquals("nsd-4.15", tuned.name());
        assertEquals("/opt/nsd/sbin/nsd", tuned.program());
        Recipe recipe = tuned.recipe().apply(PLACE);
        assertEquals(
                List.of(
                        "/opt/nsd/sbin/nsd",
                        "-d",
                        "-c",
                        "/run/it/nsd.conf",
                        "-a",
                        "198.51.100.10@53"),
                recipe.command());
        assertTrue(recipe.files().containsKey("nsd.conf"));
        for (String wrong : List.of("", "nsd", "=nsd", "x=", "A b=nsd", "../x=nsd")) {
            assertThrows(IllegalArgumentException.class, () -> Contestant.other(wrong), wrong);
        }
    }
}
