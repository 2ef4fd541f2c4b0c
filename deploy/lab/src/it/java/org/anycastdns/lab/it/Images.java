package org.anycastdns.lab.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/// The images that `deploy/images/build` makes, and the engine that runs them.
///
/// Without an engine, or without an image, a test fails and says what to do. It is never skipped,
/// because these are the images that users deploy.
public final class Images {

    /// The responder.
    static final String RESPONDER = "anycast-dns/dns-server";

    /// The announcer.
    static final String ANNOUNCER = "anycast-dns/bgp-announcer";

    /// A router with BIRD.
    static final String BIRD = "anycast-dns/router-bird";

    /// A machine, whose network namespace both programs share.
    static final String NODE = "anycast-dns/lab-node";

    /// The label of the containers and networks of these tests. After a test run that was killed,
    /// `deploy/check` removes what has it.
    static final String LABEL = "org.anycastdns.it";

    private Images() {}

    /// Returns the client of the engine.
    public static DockerClient engine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            Assertions.fail("no container engine runs: deploy/check, run as root, starts one");
        }
        return DockerClientFactory.lazyClient();
    }

    /// Fails if an image is missing. Without this check the test would look for it in a registry,
    /// for two minutes.
    static void require(DockerClient engine, String... images) {
        for (String image : images) {
            try {
                var _ = engine.inspectImageCmd(image).exec();
            } catch (NotFoundException missing) {
                Assertions.fail("the image " + image + " is missing: deploy/images/build makes it");
            }
        }
    }

    /// Returns a network of the tests, in a subnet that the engine chooses.
    static Network network() {
        return Network.builder()
                .createNetworkCmdModifier(command -> command.withLabels(Map.of(LABEL, "network")))
                .build();
    }

    /// Returns the names of all containers with a label, also of those that do not run.
    public static List<String> containers(DockerClient engine, String label) {
        return engine
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(label))
                .exec()
                .stream()
                .map(container -> container.getNames()[0])
                .toList();
    }

    /// Returns the names of all networks with a label.
    static List<String> networks(DockerClient engine, String label) {
        return engine.listNetworksCmd().withFilter("label", List.of(label)).exec().stream()
                .map(com.github.dockerjava.api.model.Network::getName)
                .toList();
    }

    /// Fails if a container or a network with a label is left.
    public static void assertNothingIsLeft(DockerClient engine, String label) {
        Assertions.assertEquals(List.of(), containers(engine, label));
        Assertions.assertEquals(List.of(), networks(engine, label));
    }
}
