package org.anycastdns.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.recipe.Compose;
import org.anycastdns.lab.recipe.PopRecipe;
import org.anycastdns.lab.recipe.RouterRecipe;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.TopologyFile;
import org.jspecify.annotations.Nullable;

/// The files of the lab: the declared topology, and a folder with the current one and what is
/// generated from it.
final class LabFiles {

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

    /// Copies a zone file into every PoP's folder.
    void push(Path zoneFile) {
        for (String pop : topology().popNames()) {
            Path zones = state.resolve(pop).resolve("zones");
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
            RouterRecipe routers = new RouterRecipe(of);
            for (Topology.Router router : of.routers()) {
                write(state.resolve("router-" + router.name()), routers.files(router));
            }
            // A new PoP gets the current zones, which may have been pushed since `up`.
            Path pushed = state.resolve(of.popNames().getFirst()).resolve("zones");
            Path zones =
                    Files.isDirectory(pushed) ? pushed : source.resolve("../../zones").normalize();
            for (Pop pop : of.running()) {
                Path folder = state.resolve(pop.name());
                write(folder, PopRecipe.files(of, pop));
                Files.createDirectories(folder.resolve("zones"));
                copyAbsent(zones, folder.resolve("zones"));
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

    /// A running PoP keeps the zones that were pushed to it.
    private static void copyAbsent(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.exists(target)) {
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
