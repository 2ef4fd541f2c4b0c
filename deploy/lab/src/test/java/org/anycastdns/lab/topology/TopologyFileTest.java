package org.anycastdns.lab.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.lab.topology.TopologyFile.Mistakes;
import org.junit.jupiter.api.Test;

/// The topology file: what it says, and what is wrong with it.
class TopologyFileTest {

    private static Topology shipped() throws IOException, Mistakes {
        return TopologyFile.parse(Files.readString(Path.of("topology.yaml")));
    }

    @Test
    void theShippedFileHasThreePopsThatRunAndOneForLater() throws IOException, Mistakes {
        assertEquals(List.of("ams", "nrt", "iad"), shipped().popNames());
        assertTrue(shipped().pop("sin").orElseThrow().later());
    }

    @Test
    void theShippedPrimaryHasZonesAndOthersAreFiles() throws IOException, Mistakes {
        assertEquals(List.of("example.com", "example", "edu"), shipped().fed());
        assertEquals("us", shipped().routerOf("primary"));
        assertEquals(List.of("ams", "nrt", "iad", "primary"), shipped().machineNames());
        assertEquals("primary", new Addresses(shipped()).names().get("198.51.100.250"));
    }

    @Test
    void mistakesAboutThePrimaryAreTold() {
        Mistakes mistakes =
                assertThrows(
                        Mistakes.class,
                        () ->
                                TopologyFile.parse(
                                        """
                                        operator-as: 64496
                                        links: []
                                        primary: {router: eu, zones: ["../x", "example.com."], key: 1}
                                        """));
        assertEquals(
                List.of(
                        "primary: unknown key key",
                        "primary: zones: not the name of a zone without final dot: ../x",
                        "primary: zones: not the name of a zone without final dot: example.com."),
                mistakes.problems());
        Mistakes more =
                assertThrows(
                        Mistakes.class,
                        () ->
                                TopologyFile.parse(
                                        """
                                        operator-as: 64496
                                        routers: {eu: {as: 64501}}
                                        links: []
                                        primary: {router: us, zones: [example.com]}
                                        pops: {primary: {router: eu}}
                                        """));
        assertEquals(
                List.of("primary: the name is used twice", "primary: no router us"),
                more.problems().stream().filter(text -> text.startsWith("primary")).toList());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException, Mistakes {
        assertEquals(shipped(), TopologyFile.parse(TopologyFile.text(shipped())));
    }

    @Test
    void everyAddressIsOfOneHostAndOfADocumentationRange() throws IOException, Mistakes {
        Topology topology = shipped();
        Set<String> subnets = new TreeSet<>();
        for (Addresses.Network network : new Addresses(topology).networks()) {
            assertTrue(subnets.add(network.subnet4()), network.subnet4());
            assertTrue(subnets.add(network.subnet6()), network.subnet6());
            assertTrue(network.subnet4().matches("198\\.51\\.100\\..*"));
            assertTrue(network.subnet6().startsWith("2001:db8:"));
        }
        assertEquals("PoP nrt", new Addresses(topology).names().get("198.51.100.18"));
        assertEquals("router us", new Addresses(topology).names().get("198.51.100.130"));
    }

    @Test
    void allMistakesAreToldTogether() {
        Mistakes mistakes =
                assertThrows(
                        Mistakes.class,
                        () ->
                                TopologyFile.parse(
                                        """
                                        operator-as: 3356
                                        routers: {eu: {as: 64501}, EU: {as: 1}}
                                        links: [[eu, us]]
                                        clients: {}
                                        pops: {ams: {router: nowhere}}
                                        """));
        assertEquals(
                List.of(
                        "EU: a name has 1 to 15 of a-z and 0-9 and begins with a letter",
                        "link eu-us: no router us",
                        "PoP ams: no router nowhere",
                        "operator-as: not an AS number of documentation (64496-64511, 65536-65551)",
                        "router EU: not an AS number of documentation (64496-64511, 65536-65551)"),
                mistakes.problems());
    }

    @Test
    void anUnknownKeyIsAMistake() {
        Mistakes mistakes =
                assertThrows(
                        Mistakes.class,
                        () ->
                                TopologyFile.parse(
                                        "operator-as: 64496\nlinks: []\nroutes: {}\npops: {a: {rooter: b}}\n"));
        assertTrue(mistakes.problems().contains("the file: unknown key routes"));
        assertTrue(mistakes.problems().contains("PoP a: unknown key rooter"));
    }
}
