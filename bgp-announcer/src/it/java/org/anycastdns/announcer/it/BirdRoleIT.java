package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What only BIRD can do among the routers of [RouterIT]: roles, and a neighbour some hops away. No
/// responder is needed for that.
class BirdRoleIT {

    /// A JVM's start on a busy machine, and a connection attempt's ten seconds.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private Namespaces network;
    private final List<Program> started = new ArrayList<>();

    @BeforeEach
    void network() throws IOException, InterruptedException {
        network = new Namespaces();
        network.address(network.left(), "198.51.100.2/24");
        network.address(network.right(), "198.51.100.1/24");
    }

    @AfterEach
    void end() {
        started.reversed().forEach(Program::close);
        if (network != null) {
            network.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multihop 3; | multihop: 3",
                "local role provider; | role: customer",
                "local role peer; | role: peer",
                "passive off; | role: customer"
            })
    void bothEndsAlikeComeTogether(String bird, String ours)
            throws IOException, InterruptedException {
        bird(bird);
        announcer(ours).awaitLine("established with AS65001", LIMIT);
    }

    @Test
    void rolesThatDoNotGoTogetherAreRefused() throws IOException, InterruptedException {
        bird("local role peer;");
        announcer("role: customer")
                .awaitLine("our role is customer.*: peer.*2/11|received NOTIFICATION 2/11", LIMIT);
    }

    private void bird(String options) throws IOException, InterruptedException {
        Path configuration =
                Files.writeString(
                        folder.resolve("bird.conf"),
                        """
                        router id 198.51.100.1;
                        log stderr all;
                        debug protocols { states };
                        protocol device { }
                        protocol bgp pop {
                            local 198.51.100.1 as 65001;
                            neighbor 198.51.100.2 as 65010;
                            connect delay time 1;
                            error wait time 1,2;
                            %s
                            ipv4 { import all; export none; };
                        }
                        """
                                .formatted(options));
        start(
                        network.right(),
                        List.of(
                                Tools.require("bird"),
                                "-f",
                                "-c",
                                configuration.toString(),
                                "-s",
                                folder.resolve("bird.ctl").toString(),
                                "-P",
                                folder.resolve("bird.pid").toString()))
                .awaitLine("Started", LIMIT);
    }

    private Program announcer(String options) throws IOException {
        Path configuration =
                Files.writeString(
                        folder.resolve("announcer.yaml"),
                        """
                        identity: ams1
                        router-id: 198.51.100.2
                        local-as: 65010
                        prefixes: ["192.0.2.0/24"]
                        neighbors:
                          - address: 198.51.100.1
                            remote-as: 65001
                            %s
                        health:
                          responder: "127.0.0.1:53"
                          lifeline: "http://127.0.0.1:9153/lifeline"
                        """
                                .formatted(options));
        return start(
                network.left(),
                List.of(
                        Repository.launcher("bgp-announcer"),
                        "run",
                        "--config",
                        configuration.toString()));
    }

    private Program start(String namespace, List<String> command) throws IOException {
        Program program = Program.start(network.inside(namespace, command));
        started.add(program);
        return program;
    }
}
