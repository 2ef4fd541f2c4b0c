package org.anycastdns.lab.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.VolumesFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/// The images of both programs in one pod, and a router as their neighbor.
///
///     network --- router (BIRD)
///        \------- host (192.0.2.53 on lo); dns-server and bgp-announcer in its network namespace
class AnnouncerImageIT {

    private static final String PREFIX = "192.0.2.0/24";

    /// What BIRD shows of the announcer's route.
    private static final String ORIGIN = "[AS64496i]";

    /// Where the images have their configurations.
    private static final String CONFIGURATION = "/etc/anycast-dns";

    /// Covers the start of a JVM on a busy machine, and the delays of connection attempts.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// The engines' own time between SIGTERM and SIGKILL. The configuration has a shorter drain.
    private static final int STOP_SECONDS = 10;

    private static final String ROUTER_CONFIGURATION =
            """
            log stderr all;
            router id 198.51.100.1;
            protocol device {}
            protocol bfd { accept ipv4 direct; }
            protocol bgp pop {
                local as 64501;
                neighbor range 0.0.0.0/0 as 64496;
                bfd on;
                ipv4 { import all; export none; };
            }
            """;

    private static final String RESPONDER_CONFIGURATION =
            """
            identity: pop1
            zones: /etc/anycast-dns/zones
            listen: "192.0.2.53:53"
            warm-up: 300ms
            """;

    /// With BFD, because the announcer refuses it where Netty's native library cannot be loaded.
    private static final String ANNOUNCER_CONFIGURATION =
            """
            identity: pop1
            router-id: 198.51.100.2
            local-as: 64496
            prefixes: ["192.0.2.0/24"]
            neighbors: [{address: ROUTER, remote-as: 64501, bfd: {interval: 1s, multiplier: 5}}]
            health: {responder: "192.0.2.53:53", lifeline: "http://127.0.0.1:9153/lifeline"}
            drain: {stop: 1s}
            """;

    @TempDir private Path folder;

    @Test
    void theRouterHasTheRouteWhileTheResponderLives() throws Exception {
        DockerClient engine = Images.engine();
        Images.require(engine, Images.RESPONDER, Images.ANNOUNCER, Images.BIRD, Images.NODE);
        try (Network network = Images.network();
                ImageContainer router = router(network);
                ImageContainer host = host(network);
                ImageContainer responder = responder(host);
                ImageContainer announcer = announcer(host, responder)) {
            router.start();
            host.start();
            configure(router.address());
            responder.start();
            announcer.start();
            awaitRoute(router, true);

            responder.crash();
            awaitRoute(router, false);

            responder.restart();
            awaitRoute(router, true);

            announcer.assertStopsWithin(STOP_SECONDS);
            awaitRoute(router, false);
        }
        Images.assertNothingIsLeft(engine, Images.LABEL);
    }

    private static void awaitRoute(ImageContainer router, boolean expected)
            throws InterruptedException {
        Eventually.seen(
                "the route, " + (expected ? "present" : "gone"),
                LIMIT,
                () -> router.execInContainer("birdc", "show", "route", PREFIX).getStdout(),
                shown -> shown.contains(ORIGIN) == expected);
    }

    private ImageContainer router(Network network) throws IOException {
        Path bird = Files.createDirectory(folder.resolve("router"));
        Files.writeString(bird.resolve("bird.conf"), ROUTER_CONFIGURATION);
        // BIRD keeps these two when it gives up root.
        return new ImageContainer(Images.BIRD)
                .mounting(bird, "/etc/router")
                .onHost(host -> host.withCapAdd(Capability.NET_ADMIN, Capability.NET_BROADCAST))
                .withNetwork(network)
                .untilItPrints("[^\\n]* Started");
    }

    /// Owns the network namespace, so that it outlives the responder.
    private static ImageContainer host(Network network) {
        return new ImageContainer(Images.NODE)
                .withCreateContainerCmdModifier(command ->
                        command.withEntrypoint(
                                "sh",
                                "-c",
                                "ip address add 192.0.2.53/32 dev lo && echo up && sleep infinity"))
                .onHost(host ->
                        host.withCapAdd(Capability.NET_ADMIN)
                                .withSysctls(Map.of("net.ipv4.ip_unprivileged_port_start", "0")))
                .withNetwork(network)
                .untilItPrints("up");
    }

    private ImageContainer responder(ImageContainer host) {
        return new ImageContainer(Images.RESPONDER)
                .mounting(folder.resolve("pop"), CONFIGURATION)
                .withFewestRights()
                .onHost(on -> on.withNetworkMode("container:" + host.getContainerId()))
                .withCommand("run", "--config", CONFIGURATION + "/server.yaml")
                .untilItPrints("ready zones=1 ");
    }

    /// Shares the responder's volumes: the configuration, and the folder with its token.
    private static ImageContainer announcer(ImageContainer host, ImageContainer responder) {
        return new ImageContainer(Images.ANNOUNCER)
                .withFewestRights()
                .onHost(on ->
                        on.withVolumesFrom(
                                        new VolumesFrom(responder.getContainerId(), AccessMode.rw))
                                .withNetworkMode("container:" + host.getContainerId()))
                .untilItPrints("ready: ");
    }

    private void configure(String router) throws IOException {
        Path pop = Files.createDirectory(folder.resolve("pop"));
        Files.writeString(pop.resolve("server.yaml"), RESPONDER_CONFIGURATION);
        Files.writeString(
                pop.resolve("announcer.yaml"), ANNOUNCER_CONFIGURATION.replace("ROUTER", router));
        Files.writeString(
                Files.createDirectory(pop.resolve("zones")).resolve("example.com.zone"),
                """
                @ 300 IN SOA ns1 hostmaster 1 3600 600 86400 300
                @ 300 IN NS ns1
                ns1 300 IN A 192.0.2.53
                """);
    }
}
