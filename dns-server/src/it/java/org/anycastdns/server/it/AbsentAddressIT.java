package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.LogFormat;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests listen addresses that are missing on the host, appear, disappear, and return.
class AbsentAddressIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final List<String> HOST = List.of("192.0.2.1", "2001:db8::1");
    private static final List<String> LATE = List.of("198.51.100.53", "2001:db8:53::53");

    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void anAddressIsServedWheneverItIsOnTheHost(String engine)
            throws IOException, InterruptedException {
        Tools.require("dig");
        try (Namespaces network = network();
                Program server =
                        Program.start(network.inside(network.left(), server("--udp", engine)))) {
            server.awaitLine("^ready.* listen=192.0.2.1:53,.*198.51.100.53:53", LIMIT);
            for (String address : LATE) {
                server.awaitLine(
                        "WARN .*" + address + "\\]?:53 is not an address of this host", LIMIT);
            }
            assertEquals("[\"198.51.100.53:53\",\"[2001:db8:53::53]:53\"]", absent(network));
            for (String address : HOST) {
                answers(network, address);
            }
            for (int round = 0; round < 2; round++) {
                int mark = server.mark();
                for (String address : LATE) {
                    lo(network, "add", address);
                    server.awaitLine(
                            mark, address + "\\]?:53 is an address of this host now", LIMIT);
                    answers(network, address);
                }
                assertEquals("[]", absent(network));
                for (String address : LATE) {
                    lo(network, "del", address);
                    server.awaitLine(mark, address + "\\]?:53 is not an address", LIMIT);
                }
                for (String address : HOST) {
                    answers(network, address);
                }
            }
            LogFormat.check(server);
        }
    }

    @Test
    void aStrictServerDoesNotStartWithoutAnAddress() throws IOException, InterruptedException {
        try (Namespaces network = network();
                Program server =
                        Program.start(network.inside(network.left(), server("--strict-listen")))) {
            assertEquals(71, server.awaitExit(LIMIT), server::tail);
            assertTrue(
                    server.text(Program.Stream.ERR)
                            .contains("cannot listen on 198.51.100.53:53 (tcp): cannot assign"),
                    server::tail);
        }
    }

    @Test
    void aPortInUseIsReportedWithItsExitCode() throws IOException, InterruptedException {
        try (Namespaces network = network();
                Program first = Program.start(network.inside(network.left(), server()))) {
            first.awaitLine("^ready", LIMIT);
            try (Program second = Program.start(network.inside(network.left(), server()))) {
                assertEquals(71, second.awaitExit(LIMIT), second::tail);
            }
        }
    }

    private static Namespaces network() throws IOException, InterruptedException {
        Namespaces network = new Namespaces();
        network.address(network.left(), "192.0.2.1/24");
        network.address(network.left(), "2001:db8::1/64");
        network.address(network.right(), "192.0.2.9/24");
        network.address(network.right(), "2001:db8::9/64");
        run(network, network.right(), "ip route add 198.51.100.53/32 via 192.0.2.1");
        run(network, network.right(), "ip route add 2001:db8:53::53/128 via 2001:db8::1");
        return network;
    }

    private static void lo(Namespaces network, String verb, String address)
            throws IOException, InterruptedException {
        String length = address.contains(":") ? "/128" : "/32";
        run(network, network.left(), "ip addr " + verb + " " + address + length + " dev lo");
    }

    /// Checks UDP and TCP. dig accepts no response from an address other than the one it queried.
    private static void answers(Namespaces network, String address)
            throws IOException, InterruptedException {
        for (String transport : List.of("+notcp", "+tcp")) {
            String dig =
                    "dig +short +tries=3 +time=5 %s @%s ns1.example.com A"
                            .formatted(transport, address);
            assertEquals("192.0.2.53\n", run(network, network.right(), dig), address + transport);
        }
    }

    private static String absent(Namespaces network) throws IOException, InterruptedException {
        String page = run(network, network.left(), "curl -s http://127.0.0.1:9153/status");
        int at = page.indexOf("\"listen-absent\":") + "\"listen-absent\":".length();
        return page.substring(at, page.indexOf(",\"tcp-connections\"", at));
    }

    private static String run(Namespaces network, String namespace, String line)
            throws IOException, InterruptedException {
        Program program = Program.run(LIMIT, network.inside(namespace, List.of(line.split(" "))));
        assertEquals(0, program.awaitExit(LIMIT), program::tail);
        return program.text(Program.Stream.OUT);
    }

    private static List<String> server(String... more) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Repository.launcher("dns-server"),
                                "run",
                                "--zones",
                                Repository.root().resolve("zones").toString(),
                                "--warm-up",
                                "0s"));
        for (String address : HOST) {
            line.addAll(List.of("--listen", socket(address)));
        }
        for (String address : LATE) {
            line.addAll(List.of("--listen", socket(address)));
        }
        line.addAll(List.of(more));
        return line;
    }

    private static String socket(String address) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":53";
    }
}
