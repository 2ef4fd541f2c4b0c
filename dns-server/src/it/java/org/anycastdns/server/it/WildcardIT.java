package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;

/// Tests a server on the wildcard addresses of a host with several addresses. Each query is
/// answered from the address that it was sent to; dig accepts no response from another one.
class WildcardIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Addresses of the server's host. By default the kernel would send its responses from the
    /// first.
    private static final List<String> IPV4 = List.of("192.0.2.1", "192.0.2.2");

    private static final List<String> IPV6 = List.of("2001:db8::1", "2001:db8::2");

    /// Addresses on the server's loopback interface, as anycast addresses are.
    private static final List<String> ANYCAST = List.of("198.51.100.53", "2001:db8:53::53");

    @Test
    void theAnswerComesFromTheAddressThatWasAsked() throws IOException, InterruptedException {
        Tools.require("dig");
        try (Namespaces network = new Namespaces()) {
            for (String address : IPV4) {
                network.address(network.left(), address + "/24");
            }
            for (String address : IPV6) {
                network.address(network.left(), address + "/64");
            }
            network.loopbackAddress(network.left(), ANYCAST.get(0) + "/32");
            network.loopbackAddress(network.left(), ANYCAST.get(1) + "/128");
            network.address(network.right(), "192.0.2.9/24");
            network.address(network.right(), "2001:db8::9/64");
            route(network, "198.51.100.53/32 via 192.0.2.1");
            route(network, "2001:db8:53::53/128 via 2001:db8::1");
            try (Program server = Program.start(network.inside(network.left(), server()))) {
                server.awaitLine("^ready.* udp=mmsg", LIMIT);
                List<String> asked = new ArrayList<>(IPV4);
                asked.addAll(IPV6);
                asked.addAll(ANYCAST);
                for (String address : asked) {
                    Program dig = Program.run(LIMIT, network.inside(network.right(), dig(address)));
                    assertEquals(0, dig.awaitExit(LIMIT), dig::tail);
                    assertEquals("192.0.2.53\n", dig.text(Program.Stream.OUT), address);
                }
            }
        }
    }

    private static void route(Namespaces network, String route)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("ip", "route", "add"));
        line.addAll(List.of(route.split(" ")));
        Program ip = Program.run(LIMIT, network.inside(network.right(), line));
        assertEquals(0, ip.awaitExit(LIMIT), ip::tail);
    }

    private static List<String> server() {
        return List.of(
                Repository.launcher("dns-server"),
                "run",
                "--zones",
                Repository.root().resolve("zones").toString(),
                "--listen",
                "0.0.0.0:53",
                "--listen",
                "[::]:53",
                "--admin",
                "127.0.0.1:0",
                "--warm-up",
                "0s");
    }

    private static List<String> dig(String address) {
        return List.of(
                "dig", "+short", "+tries=2", "+time=5", "@" + address, "ns1.example.com", "A");
    }
}
