package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Pop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the zones of a lab are, and the key of their transfers.
class LabFilesTest {

    @TempDir private Path scratch = Path.of("");

    private Path run = Path.of("");
    private LabFiles files = new LabFiles(run, run);

    @BeforeEach
    void locate() {
        run = scratch.resolve("run");
        files = new LabFiles(Path.of("").toAbsolutePath(), run);
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void zonesOfThePrimaryAreThereAloneAndTheOthersOnEveryPop() throws IOException {
        files.write(files.declared());
        assertEquals(
                Set.of("edu.zone", "example.com", "example.com.zone", "example.zone"),
                names(files.zones("primary")));
        for (String pop : files.declared().popNames()) {
            assertEquals(
                    Set.of("2.0.192.in-addr.arpa.zone", "8.b.d.0.1.0.0.2.ip6.arpa.zone"),
                    names(files.zones(pop)));
        }
    }

    @Test
    void everyMachineHasTheKeyOfThisLabAndOthersOfTheHostDoNot() throws IOException {
        files.write(files.declared());
        String key = Files.readString(run.resolve("primary/transfer.key"));
        assertEquals(32, Base64.getDecoder().decode(key.strip()).length);
        files.write(files.declared().with(new Pop("sin", "in", new Topology.Place(1, 104), false)));
        for (String machine : List.of("ams", "nrt", "iad", "sin", "primary")) {
            assertEquals(key, Files.readString(run.resolve(machine).resolve("transfer.key")));
        }
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(run)));
        files.folder().delete();
        files.write(files.declared());
        assertFalse(key.equals(Files.readString(run.resolve("primary/transfer.key"))));
    }

    @Test
    void whatWasPublishedStaysWhenAPopIsAddedAndTheNewOneGetsIt() throws IOException {
        Topology topology = files.declared();
        files.write(topology);
        Path com = Files.writeString(scratch.resolve("example.com.zone"), "changed");
        files.publish(com, List.of("primary"));
        Path reverse = Files.writeString(scratch.resolve("2.0.192.in-addr.arpa.zone"), "changed");
        files.publish(reverse, topology.popNames());
        files.write(topology.with(new Pop("sin", "in", new Topology.Place(1, 104), false)));
        assertEquals(
                "changed", Files.readString(files.zones("primary").resolve("example.com.zone")));
        assertEquals(
                "changed",
                Files.readString(files.zones("sin").resolve("2.0.192.in-addr.arpa.zone")));
        assertFalse(Files.exists(files.zones("sin").resolve("example.com.zone")));
    }

    @Test
    void aZoneOfThePrimaryWithoutAFileIsTold() {
        Topology shipped = files.declared();
        Topology wrong =
                new Topology(
                        shipped.operatorAs(),
                        shipped.holdSeconds(),
                        shipped.bfd(),
                        shipped.routers(),
                        shipped.links(),
                        Optional.of(
                                new Topology.Primary(
                                        "us", new Topology.Place(0, 0), List.of("example.org"))),
                        shipped.clients(),
                        shipped.pops());
        String told = assertThrows(LabException.class, () -> files.write(wrong)).toString();
        assertTrue(
                told.contains(
                        "topology.yaml: the primary has the zone example.org, but there is no file"),
                told);
    }
}
