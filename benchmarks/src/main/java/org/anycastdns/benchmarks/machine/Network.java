package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Two network namespaces joined by a veth pair: one for the servers, one for the load generators.
/// The addresses are from TEST-NET-2 (RFC 5737) and are not visible outside.
final class Network {

    static final int PORT = 53;
    private static final String PREFIX = "198.51.100.";
    private static final int GENERATOR_HOST = 1;
    private static final int FIRST_SERVER_HOST = 10;

    /// Settings for many connections per second: all ports are usable, and ports in TIME_WAIT are
    /// reused.
    private static final List<String> MANY_CONNECTIONS =
            List.of("net.ipv4.tcp_tw_reuse=1", "net.ipv4.ip_local_port_range=1024 65535");

    private final String servers;
    private final String generator;

    /// Names the network of a run, whether or not it exists yet.
    ///
    /// @param id ID of the run, at most 9 characters, because an interface name has at most 15
    Network(String id) {
        servers = "adnsc" + id + "s";
        generator = "adnsc" + id + "g";
    }

    /// Creates the network.
    ///
    /// @param count number of servers
    void make(int count) throws IOException {
        for (String name : List.of(servers, generator)) {
            Commands.run("ip netns add " + name);
            Commands.run("ip -n " + name + " link set lo up");
        }
        Commands.run(
                "ip link add %1$s netns %1$s type veth peer name %2$s netns %2$s"
                        .formatted(servers, generator));
        address(generator, PREFIX + GENERATOR_HOST);
        for (int i = 0; i < count; i++) {
            address(servers, server(i));
        }
        for (String name : List.of(servers, generator)) {
            Commands.run("ip -n " + name + " link set " + name + " up");
        }
        for (String setting : MANY_CONNECTIONS) {
            Commands.run(inside(generator, List.of("sysctl", "-q", "-w", setting)));
        }
    }

    private static void address(String namespace, String address) throws IOException {
        Commands.run("ip -n %1$s addr add %2$s/24 dev %1$s".formatted(namespace, address));
    }

    /// Returns the address of a server.
    static String server(int index) {
        return PREFIX + (FIRST_SERVER_HOST + index);
    }

    /// Returns the generator's address.
    static String generator() {
        return PREFIX + GENERATOR_HOST;
    }

    /// Returns the generator's end of the veth pair.
    String generatorInterface() {
        return generator;
    }

    List<String> insideServers(List<String> command) {
        return inside(servers, command);
    }

    List<String> insideGenerator(List<String> command) {
        return inside(generator, command);
    }

    /// Uses `nsenter`, because `ip netns exec` also hides the control groups.
    private static List<String> inside(String namespace, List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
        line.addAll(command);
        return line;
    }

    /// Removes whatever exists of the network.
    ///
    /// @return what could not be removed
    List<String> remove() {
        List<String> left = new ArrayList<>();
        for (String name : List.of(servers, generator)) {
            try {
                Commands.run("ip netns del " + name);
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("No such file")) {
                    left.add("network namespace " + name + ": " + e.getMessage());
                }
            }
        }
        return left;
    }
}
