package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Two network namespaces joined by a cable (veth): one for servers, one for who measures them.
/// Addresses are those of RFC 5737, TEST-NET-2, which nobody else sees.
final class Network {

    static final int PORT = 53;
    private static final String PREFIX = "198.51.100.";
    private static final int GENERATOR_HOST = 1;
    private static final int FIRST_SERVER_HOST = 10;

    /// As many connections a second as there are ports: waiting ones are used again, and all ports
    /// are there to be used.
    private static final List<String> MANY_CONNECTIONS =
            List.of("net.ipv4.tcp_tw_reuse=1", "net.ipv4.ip_local_port_range=1024 65535");

    private final String servers;
    private final String generator;

    /// The network of a run, whether or not it is there yet.
    ///
    /// @param id of the run, at most 9 characters: an interface's name has at most 15
    Network(String id) {
        servers = "adnsc" + id + "s";
        generator = "adnsc" + id + "g";
    }

    /// Makes it.
    ///
    /// @param count of servers
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

    /// The address of a server.
    static String server(int index) {
        return PREFIX + (FIRST_SERVER_HOST + index);
    }

    /// The generator's end of the cable.
    String generatorInterface() {
        return generator;
    }

    List<String> insideServers(List<String> command) {
        return inside(servers, command);
    }

    List<String> insideGenerator(List<String> command) {
        return inside(generator, command);
    }

    /// Not `ip netns exec`, which also hides the control groups.
    private static List<String> inside(String namespace, List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
        line.addAll(command);
        return line;
    }

    /// Takes it away, as far as it is there.
    ///
    /// @return what could not be taken away
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
