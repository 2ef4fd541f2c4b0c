package org.anycastdns.lab.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.TopologyFile;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What a topology becomes.
class ComposeTest {

    private static Topology shipped() throws IOException, TopologyFile.Mistakes {
        return TopologyFile.parse(Files.readString(Path.of("topology.yaml")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> part(Topology topology, String name) {
        Map<String, Object> file =
                (Map<String, Object>)
                        new Load(LoadSettings.builder().build())
                                .loadFromString(Compose.text(topology));
        return new HashMap<>((Map<String, Object>) file.get(name));
    }

    @Test
    void onePopMoreIsThreeServicesMoreAndNothingElse() throws Exception {
        Topology before = shipped();
        Topology after = before.with(new Pop("sin", "in", new Topology.Place(1, 104), false));
        Map<String, Object> services = part(after, "services");
        for (String service : new String[] {"sin", "sin-dns", "sin-bgp"}) {
            assertTrue(services.remove(service) != null, service);
        }
        assertEquals(part(before, "services"), services);
        assertEquals(part(before, "networks"), part(after, "networks"));
        for (Topology.Router router : before.routers()) {
            assertEquals(
                    new RouterRecipe(before).files(router), new RouterRecipe(after).files(router));
        }
        for (Pop pop : before.running()) {
            assertEquals(PopRecipe.files(before, pop), PopRecipe.files(after, pop));
        }
    }

    @Test
    void popsDifferOnlyInIdentityAndAddresses() throws Exception {
        Topology topology = shipped();
        Map<String, String> ams = PopRecipe.files(topology, topology.pop("ams").orElseThrow());
        Map<String, String> nrt = PopRecipe.files(topology, topology.pop("nrt").orElseThrow());
        assertEquals(
                ams.getOrDefault("server.yaml", ""),
                nrt.getOrDefault("server.yaml", "").replace("identity: nrt", "identity: ams"));
        assertTrue(nrt.getOrDefault("announcer.yaml", "").contains("remote-as: 64503"));
        assertEquals(
                ams.getOrDefault("announcer.yaml", "").lines().count(),
                nrt.getOrDefault("announcer.yaml", "").lines().count());
    }

    @Test
    void bothEndsOfASessionAgreeOnBfd() throws Exception {
        Topology topology = shipped();
        String times = Topology.BFD_INTERVAL_MS + " ms";
        RouterRecipe routers = new RouterRecipe(topology);
        String bird =
                routers.files(topology.router("eu").orElseThrow()).getOrDefault("bird.conf", "");
        assertTrue(bird.contains("min rx interval " + times + "; min tx interval " + times));
        assertTrue(bird.contains("bfd on;"));
        String frr =
                routers.files(topology.router("ap").orElseThrow()).getOrDefault("bgpd.conf", "");
        assertTrue(
                frr.contains(
                        "neighbor pops bfd %d %d %2$d"
                                .formatted(Topology.BFD_MULTIPLIER, Topology.BFD_INTERVAL_MS)));
        for (Pop pop : topology.running()) {
            assertTrue(
                    PopRecipe.files(topology, pop)
                            .getOrDefault("announcer.yaml", "")
                            .contains(
                                    "bfd: {interval: %dms, multiplier: %d}"
                                            .formatted(
                                                    Topology.BFD_INTERVAL_MS,
                                                    Topology.BFD_MULTIPLIER)));
        }
    }

    @Test
    void noNetworkIsMasqueradedAndNoPortIsPublished() throws Exception {
        Topology topology = shipped();
        assertFalse(Compose.text(topology).contains("ports:"));
        part(topology, "networks")
                .forEach((name, network) ->
                        assertTrue(
                                network.toString().contains("enable_ip_masquerade=false"), name));
    }
}
