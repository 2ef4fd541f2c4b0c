package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
    private static final List<String> ALL = Stream.concat(HOST.stream(), LATE.stream()).toList();

    private static final List<String> WILDCARDS = List.of("0.0.0.0", "::");
    private static final String IPV6_OFF = "sysctl -q -w net.ipv6.conf.all.disable_ipv6";

    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void anAddressIsServedWheneverItIsOnTheHost(String engine)
            throws IOException, InterruptedException {
        Tools.require("dig");
        try (Namespaces network = network();
                Program server = start(network, ALL, "--udp", engine)) {
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
                Program server = start(network, ALL, "--strict-listen")) {
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
                Program first = start(network, ALL)) {
            first.awaitLine("^ready", LIMIT);
            try (Program second = start(network, ALL)) {
                assertEquals(71, second.awaitExit(LIMIT), second::tail);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void whileIpv6IsOffTheIpv4WildcardIsServedAndIpv6OnceItIsOn(String engine)
            throws IOException, InterruptedException {
        Tools.require("dig");
        try (Namespaces network = network()) {
            run(network, network.left(), IPV6_OFF + "=1");
            try (Program server = start(network, WILDCARDS, "--udp", engine)) {
                server.awaitLine(
                        "WARN .*\\[::\\]:53 is not served, because IPv6 is off on this host; it"
                                + " is served when IPv6 is turned on .*disable_ipv6=0",
                        LIMIT);
                server.awaitLine("^ready", LIMIT);
                answers(network, "192.0.2.1");
                assertEquals("[\"[::]:53\"]", absent(network));
                run(network, network.left(), IPV6_OFF + "=0");
                network.address(network.left(), "2001:db8::1/64");
                server.awaitLine("\\[::\\]:53 is an address of this host now", LIMIT);
                answers(network, "2001:db8::1");
                assertEquals("[]", absent(network));
            }
        }
    }

    /// The JVM believes for its whole life that there is no IPv6 if that was off when it started.
    @Test
    void anIpv6AddressOfAHostWhoseIpv6WasOffIsServedOnceItIsThere()
            throws IOException, InterruptedException {
        try (Namespaces network = network()) {
            run(network, network.left(), IPV6_OFF + "=1");
            try (Program server = start(network, List.of("0.0.0.0", "2001:db8::1"))) {
                server.awaitLine("2001:db8::1\\]:53 is not served, because IPv6 is off", LIMIT);
                server.awaitLine("^ready", LIMIT);
                run(network, network.left(), IPV6_OFF + "=0");
                server.awaitLine("2001:db8::1\\]:53 is not an address of this host yet", LIMIT);
                network.address(network.left(), "2001:db8::1/64");
                server.awaitLine("2001:db8::1\\]:53 is an address of this host now", LIMIT);
                answers(network, "2001:db8::1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmsg", "netty"})
    void aKernelWithoutIpv6ServesTheIpv4Wildcard(String engine) throws Exception {
        try (Namespaces network = network();
                Program server =
                        WithoutIpv6.call(() -> start(network, WILDCARDS, "--udp", engine))) {
            server.awaitLine("WARN .*\\[::\\]:53 is not served, because .* has no IPv6; ", LIMIT);
            server.awaitLine("^ready", LIMIT);
            answers(network, "192.0.2.1");
            assertEquals("[\"[::]:53\"]", absent(network));
        }
    }

    @Test
    void whereNoAddressCanBeServedWithoutIpv6OneSentenceSaysWhatToDo() throws Exception {
        try (Namespaces network = network();
                Program server = WithoutIpv6.call(() -> start(network, List.of("::")))) {
            assertRefused(server, "this host or the sandbox of this program has no IPv6; allow it");
        }
    }

    @Test
    void aStrictServerDoesNotStartWithoutIpv6() throws Exception {
        try (Namespaces network = network()) {
            try (Program server =
                    WithoutIpv6.call(() -> start(network, WILDCARDS, "--strict-listen"))) {
                assertRefused(server, "this host or the sandbox of this program has no IPv6");
            }
            run(network, network.left(), IPV6_OFF + "=1");
            try (Program server = start(network, WILDCARDS, "--strict-listen")) {
                assertRefused(server, "IPv6 is off on this host");
            }
        }
    }

    private static void assertRefused(Program server, String why) throws InterruptedException {
        assertEquals(71, server.awaitExit(LIMIT), server::tail);
        assertTrue(
                server.text(Program.Stream.ERR)
                        .contains(
                                "dns-server: cannot listen: [::]:53 is not served, because " + why),
                server::tail);
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

    private static Program start(Namespaces network, List<String> addresses, String... more)
            throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Repository.launcher("dns-server"),
                                "run",
                                "--zones",
                                Repository.root().resolve("zones").toString(),
                                "--warm-up",
                                "0s"));
        for (String address : addresses) {
            line.addAll(List.of("--listen", socket(address)));
        }
        line.addAll(List.of(more));
        return Program.start(network.inside(network.left(), line));
    }

    private static String socket(String address) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":53";
    }
}
