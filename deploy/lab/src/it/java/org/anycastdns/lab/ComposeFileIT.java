package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.anycastdns.lab.engine.Engine;
import org.anycastdns.lab.it.Images;
import org.anycastdns.lab.recipe.Compose;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.ContainerState;
import org.testcontainers.containers.DockerComposeContainer;

/// The Compose file that `lab up` writes works with docker-compose alone.
class ComposeFileIT {

    /// From the router of the client to that of the PoP.
    private static final Set<String> ROUTERS = Set.of("eu", "us", "ap");

    /// Covers the start of two JVMs on a busy machine, and BGP's delays.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /// Of zones/example.com.zone.
    private static final String SERIAL = "2026112201";

    @TempDir private Path folder;

    @Test
    void everyServiceRunsAndAClientIsAnsweredAtTheAnycastAddress() throws Exception {
        DockerClient engine = Images.engine();
        LabFiles files = new LabFiles(Path.of("").toAbsolutePath(), folder.resolve("run"));
        // A lab that is up has the same subnets.
        new Lab(files, Engine.find()).down();
        Topology topology = cut(files.declared());
        files.write(topology);
        try (DockerComposeContainer<?> lab =
                new DockerComposeContainer<>(withoutNames(files.compose()).toFile())
                        .withPull(false)) {
            lab.start();
            ContainerState client = lab.getContainerByServiceName("client-dublin").orElseThrow();
            for (String address : Topology.ANYCAST) {
                Eventually.seen(
                        "the PoP that answers at " + address,
                        LIMIT,
                        () -> reached(client, address),
                        "\"nrt\""::equals);
            }
            Eventually.seen(
                    "the zone from the primary", LIMIT, () -> serial(client), SERIAL::equals);
            assertEquals(Set.copyOf(Lab.services(topology)), states(engine).keySet());
            assertEquals(Set.of("running"), Set.copyOf(states(engine).values()));
        }
        Images.assertNothingIsLeft(engine, Compose.LABEL);
    }

    /// Returns the part of the lab between one client and one PoP: two routers with BIRD and one
    /// with FRR, and the primary at one of them. `LabIT` has all of it.
    private static Topology cut(Topology all) {
        return new Topology(
                all.operatorAs(),
                all.holdSeconds(),
                all.bfd(),
                all.routers().stream().filter(router -> ROUTERS.contains(router.name())).toList(),
                all.links().stream()
                        .filter(link -> ROUTERS.containsAll(Set.of(link.left(), link.right())))
                        .toList(),
                all.primary(),
                all.client("dublin").stream().toList(),
                all.pop("nrt").stream().toList());
    }

    /// Testcontainers gives each start a project of its own, and so refuses names that are fixed.
    private static Path withoutNames(Path compose) throws IOException {
        String text = Files.readString(compose).replaceAll("(?m)^ *container_name: .*\\n", "");
        return Files.writeString(compose.resolveSibling("without-names.yml"), text);
    }

    /// Returns the states of all services.
    private static Map<String, String> states(DockerClient engine) {
        Map<String, String> states = new TreeMap<>();
        for (Container container :
                engine.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(Compose.LABEL))
                        .exec()) {
            states.put(
                    container.getLabels().get("com.docker.compose.service"), container.getState());
        }
        return states;
    }

    /// Returns the serial of example.com at the anycast address, as `dig` prints it.
    private static String serial(ContainerState client) throws IOException, InterruptedException {
        String[] soa =
                client.execInContainer(
                                "dig",
                                "+short",
                                "+time=1",
                                "@" + Topology.ANYCAST.getFirst(),
                                "example.com",
                                "SOA")
                        .getStdout()
                        .split(" ");
        return soa.length > 2 ? soa[2] : "";
    }

    /// Returns the name of the PoP that answers a client, as `dig` prints it.
    private static String reached(ContainerState client, String address)
            throws IOException, InterruptedException {
        return client.execInContainer(
                        "dig", "+short", "+time=1", "@" + address, "CH", "TXT", "id.server")
                .getStdout()
                .strip();
    }
}
