package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.recipe.Compose;
import org.anycastdns.lab.recipe.PopRecipe;
import org.anycastdns.lab.recipe.PrimaryRecipe;
import org.anycastdns.lab.recipe.RouterRecipe;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.Topology.Primary;
import org.anycastdns.lab.topology.TopologyFile;
import org.jspecify.annotations.Nullable;

/// The files of the lab: the declared topology, and a folder with the current one and what is
/// generated from it.
final class LabFiles {

    /// The file with the key, in the folder of the primary and of each PoP. The user of a container
    /// is not that of the lab, so it is readable; the lab's folder is not.
    private static final String KEY = "transfer.key";

    /// As many as the hash has, as RFC 8945 section 8 recommends.
    private static final int KEY_OCTETS = 32;

    private final Path source;
    private final Path state;
    private final StateFolder folder;
    private @Nullable Topology loaded;

    /// When the topology of the running lab was written; null if no lab runs.
    private @Nullable FileTime loadedOf;

    /// @param source the folder deploy/lab
    /// @param state the folder for generated files
    LabFiles(Path source, Path state) {
        this.source = source;
        this.state = state;
        folder = new StateFolder(state);
    }

    /// Returns the folder for generated files.
    StateFolder folder() {
        return folder;
    }

    /// Returns the Compose file of the current topology.
    Path compose() {
        return state.resolve("docker-compose.yml");
    }

    /// Returns the script that builds the images.
    Path imageBuild() {
        return source.resolve("../images/build").normalize();
    }

    /// Returns whether the topology of a running lab is there.
    boolean hasTopology() {
        return Files.exists(running());
    }

    /// Returns the topology of the running lab, or the declared one if none runs. Another `lab`
    /// process may add a PoP while this one serves the page.
    synchronized Topology topology() {
        FileTime written = written();
        Topology known = loaded;
        if (known == null || !Objects.equals(written, loadedOf)) {
            known = read(written == null ? source.resolve("topology.yaml") : running());
            loaded = known;
            loadedOf = written;
        }
        return known;
    }

    private @Nullable FileTime written() {
        try {
            return Files.getLastModifiedTime(running());
        } catch (IOException none) {
            return null;
        }
    }

    /// Returns the topology declared in the source tree.
    Topology declared() {
        return read(source.resolve("topology.yaml"));
    }

    /// Publishes a zone file in the zone folders of machines, by a rename.
    ///
    /// @param machines PoPs, or the primary
    void publish(Path zoneFile, List<String> machines) {
        for (String machine : machines) {
            Path zones = zones(machine);
            Path temporary = zones.resolve("." + zoneFile.getFileName() + ".new");
            try {
                Files.copy(zoneFile, temporary, StandardCopyOption.REPLACE_EXISTING);
                Files.move(
                        temporary,
                        zones.resolve(zoneFile.getFileName()),
                        StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException failure) {
                throw new LabException("cannot write into " + zones + ": " + failure.getMessage());
            }
        }
    }

    /// Returns the zone folder of a PoP or of the primary.
    Path zones(String machine) {
        return state.resolve(machine).resolve("zones");
    }

    private Path running() {
        return state.resolve("topology.yaml");
    }

    private static Topology read(Path file) {
        try {
            return TopologyFile.parse(Files.readString(file));
        } catch (IOException failure) {
            throw new LabException("cannot read " + file + ": " + failure.getMessage());
        } catch (TopologyFile.Mistakes mistakes) {
            throw new LabException(file + ": " + String.join("; ", mistakes.problems()));
        }
    }

    /// Writes a topology, and all files that are generated from it.
    void write(Topology of) {
        folder.claim();
        try {
            String key = key();
            RouterRecipe routers = new RouterRecipe(of);
            for (Topology.Router router : of.routers()) {
                write(state.resolve("router-" + router.name()), routers.files(router));
            }
            Path shipped = source.resolve("../../zones").normalize();
            // A new PoP gets the current zones, which may have been pushed since `up`.
            Path pushed = zones(of.popNames().getFirst());
            Path zones = Files.isDirectory(pushed) ? pushed : shipped;
            for (Pop pop : of.running()) {
                Path folder = state.resolve(pop.name());
                write(folder, PopRecipe.files(of, pop));
                write(folder, Map.of(KEY, key));
                copyAbsent(zones, zones(pop.name()), path -> !isOf(of.fed(), path));
            }
            if (of.primary().isPresent()) {
                requireFiles(shipped, of.fed());
                write(state.resolve(Primary.NAME), PrimaryRecipe.files(of));
                write(state.resolve(Primary.NAME), Map.of(KEY, key));
                copyAbsent(shipped, zones(Primary.NAME), path -> isOf(of.fed(), path));
            }
            copyTree(source.resolve("monitoring"), state.resolve("monitoring"));
            write(
                    state,
                    Map.of(
                            "docker-compose.yml",
                            Compose.text(of),
                            "topology.yaml",
                            TopologyFile.text(of)));
        } catch (IOException failure) {
            throw new LabException("cannot write below " + state + ": " + failure.getMessage());
        }
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : files.entrySet()) {
            // Atomic, because an `up` that is interrupted here must not leave half a topology.
            Path made = folder.resolve("." + file.getKey() + ".new");
            Files.writeString(made, file.getValue());
            Files.move(made, folder.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// Returns the TSIG key between the primary and the PoPs: a new one for each lab.
    private String key() throws IOException {
        Path known = state.resolve(Primary.NAME).resolve(KEY);
        if (Files.exists(known)) {
            return Files.readString(known);
        }
        byte[] secret = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(secret);
        return Base64.getEncoder().encodeToString(secret) + "\n";
    }

    private static void requireFiles(Path zones, List<String> fed) {
        for (String zone : fed) {
            if (!Files.isRegularFile(zones.resolve(zone + ".zone"))) {
                throw new LabException(
                        "topology.yaml: the primary has the zone %s, but there is no file %s"
                                .formatted(zone, zones.resolve(zone + ".zone")));
            }
        }
    }

    /// Returns whether a file of a zone folder is of one of the zones: `ZONE.zone`, or something in
    /// the folder `ZONE`, where its includes are.
    private static boolean isOf(List<String> zones, Path file) {
        String first = file.getName(0).toString();
        return zones.stream()
                .anyMatch(zone ->
                        first.equals(zone + ".zone")
                                || (first.equals(zone) && file.getNameCount() > 1));
    }

    /// A running machine keeps the zones that were pushed to it.
    ///
    /// @param wanted which files to copy, relative to the folder
    private static void copyAbsent(Path from, Path to, Predicate<Path> wanted) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = from.relativize(file);
                Path target = to.resolve(relative.toString());
                if (wanted.test(relative) && !Files.exists(target)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
