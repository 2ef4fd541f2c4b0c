package org.anycastdns.lab.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
                nrt.getOrDefault("server.yaml", "")
                        .replace("identity: nrt", "identity: ams")
                        .replace("198.51.100.18:53", "198.51.100.2:53"));
        assertTrue(nrt.getOrDefault("announcer.yaml", "").contains("remote-as: 64503"));
        assertEquals(
                ams.getOrDefault("announcer.yaml", "").lines().count(),
                nrt.getOrDefault("announcer.yaml", "").lines().count());
    }

    @Test
    void thePrimaryTellsEveryPopAtItsOwnAddressAndPopsTakeItsZonesAlone() throws Exception {
        Topology topology = shipped();
        Map<String, Object> primary = server(PrimaryRecipe.files(topology));
        assertEquals(List.of("198.51.100.250:53", "127.0.0.1:53"), primary.get("listen"));
        Map<String, Object> remotes = new TreeMap<>();
        List<String> pops = topology.popNames();
        for (Pop pop : topology.running()) {
            Map<String, Object> server = server(PopRecipe.files(topology, pop));
            List<?> listen = (List<?>) server.getOrDefault("listen", List.of());
            remotes.put(pop.name(), Map.of("address", listen.get(2), "key", "transfer"));
            assertEquals(
                    Map.of("primary", Map.of("address", "198.51.100.250:53", "key", "transfer")),
                    server.get("remotes"));
            assertEquals(
                    topology.fed().stream()
                            .map(zone -> Map.of("zone", zone, "primaries", List.of("primary")))
                            .toList(),
                    server.get("secondary"));
            assertEquals(server.get("keys"), primary.get("keys"));
        }
        assertEquals(remotes, primary.get("remotes"));
        assertEquals(
                topology.fed().stream()
                        .map(zone -> Map.of("zone", zone, "notify", pops, "allow-transfer", pops))
                        .toList(),
                primary.get("primary"));
        Map<String, Object> services = part(topology, "services");
        assertTrue(String.valueOf(services.get("primary")).contains("ipv4_address=198.51.100.250"));
        assertTrue(
                String.valueOf(services.get("router-us")).contains("ipv4_address=198.51.100.249"));
    }

    @Test
    void aLabWithoutAPrimaryHasNothingOfIt() throws Exception {
        Topology with = shipped();
        Topology without =
                new Topology(
                        with.operatorAs(),
                        with.holdSeconds(),
                        with.bfd(),
                        with.routers(),
                        with.links(),
                        Optional.empty(),
                        with.clients(),
                        with.pops());
        assertFalse(Compose.text(without).contains("primary"));
        for (Pop pop : without.running()) {
            Map<String, Object> server = server(PopRecipe.files(without, pop));
            Set<String> more = new HashSet<>(server(PopRecipe.files(with, pop)).keySet());
            more.removeAll(server.keySet());
            assertEquals(Set.of("keys", "remotes", "secondary", "state"), more);
        }
        assertEquals(List.of(), without.fed());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> server(Map<String, String> files) {
        return (Map<String, Object>)
                new Load(LoadSettings.builder().build())
                        .loadFromString(files.getOrDefault("server.yaml", ""));
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
