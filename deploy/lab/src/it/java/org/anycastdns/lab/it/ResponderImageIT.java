package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.anycastdns.testkit.Dig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image of dns-server, with its own command, a mounted zone and the fewest rights.
class ResponderImageIT {

    /// Published ports are on all addresses of this host.
    private static final String HOST = "127.0.0.1";

    private static final int DNS = 53;

    /// The engines' own time between SIGTERM and SIGKILL.
    private static final int STOP_SECONDS = 10;

    private static final List<String> ANSWER = List.of("www.example.com. 300 IN A 192.0.2.80");

    @TempDir private Path folder;

    @Test
    void itServesAMountedZoneAndEndsWhenItIsTold() throws Exception {
        DockerClient engine = Images.engine();
        Images.require(engine, Images.RESPONDER);
        try (ImageContainer responder =
                new ImageContainer(Images.RESPONDER)
                        .mounting(zones(), "/var/lib/zones")
                        .withFewestRights()
                        .onHost(host -> host.withPublishAllPorts(true))
                        .untilItPrints("ready zones=1 ")) {
            responder.start();
            assertEquals(ANSWER, ask(responder.port(ExposedPort.udp(DNS)), "+notcp"));
            assertEquals(ANSWER, ask(responder.port(ExposedPort.tcp(DNS)), "+tcp"));
            assertEquals("65532", responder.output("id", "-u"));
            for (String path : List.of("/opt/dns-server/new", "/tmp/new", "/var/lib/zones/new")) {
                assertNotEquals(0, responder.execInContainer("touch", path).getExitCode(), path);
            }
            responder.output("healthcheck", "9153");
            // Operators do this by `docker exec`: the token is where the command looks for it.
            responder.output("dns-server", "reload");
            responder.assertStopsWithin(STOP_SECONDS);
        }
        Images.assertNothingIsLeft(engine, Images.LABEL);
    }

    private Path zones() throws IOException {
        Path zones = Files.createDirectory(folder.resolve("zones"));
        Files.writeString(
                zones.resolve("example.com.zone"),
                """
                $TTL 300
                @ IN SOA ns1 hostmaster 1 3600 600 86400 300
                @ IN NS ns1
                ns1 IN A 192.0.2.53
                www IN A 192.0.2.80
                """);
        return zones;
    }

    private static List<String> ask(int port, String transport)
            throws IOException, InterruptedException {
        return Dig.ask("dig", HOST, port, "www.example.com", "A", transport)
                .section(Dig.Section.ANSWER);
    }
}
