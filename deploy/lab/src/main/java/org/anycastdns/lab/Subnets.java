package org.anycastdns.lab;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.anycastdns.lab.engine.Engine;
import org.anycastdns.lab.engine.LabException;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Topology;

/// Checks that the lab's subnets are free on this machine.
final class Subnets {

    private Subnets() {}

    /// Fails with a message for the operator if an interface or a network of the engine uses one of
    /// the lab's subnets.
    static void check(Engine engine, Topology topology) {
        List<Addresses.Network> networks = new Addresses(topology).networks();
        try {
            for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
                for (InterfaceAddress address : device.getInterfaceAddresses()) {
                    networks.forEach(network -> check(network, device.getName(), address));
                }
            }
        } catch (SocketException failure) {
            throw new LabException("cannot list the network interfaces: " + failure.getMessage());
        }
        // If the engine runs in a virtual machine, its networks are not among this machine's
        // interfaces.
        String taken =
                engine.must("network", "ls", "-q").lines().toList().stream()
                        .map(id ->
                                engine.docker(
                                                "network",
                                                "inspect",
                                                "-f",
                                                "{{.Name}}{{range .IPAM.Config}} {{.Subnet}}{{end}}",
                                                id)
                                        .out())
                        .reduce("", String::concat);
        for (Addresses.Network network : networks) {
            taken.lines()
                    .filter(line -> List.of(line.split(" ")).contains(network.subnet4()))
                    .findFirst()
                    .ifPresent(line -> {
                        throw new LabException(
                                "the subnet "
                                        + network.subnet4()
                                        + " is in use by the engine's network "
                                        + line.split(" ")[0]
                                        + "; remove it with: docker network rm "
                                        + line.split(" ")[0]);
                    });
        }
    }

    private static void check(Addresses.Network network, String device, InterfaceAddress address) {
        if (!(address.getAddress() instanceof Inet4Address)) {
            return;
        }
        if (overlap(network, address.getAddress(), address.getNetworkPrefixLength())) {
            throw new LabException(
                    "the subnet "
                            + network.subnet4()
                            + " is in use: interface "
                            + device
                            + " has "
                            + address.getAddress().getHostAddress()
                            + "/"
                            + address.getNetworkPrefixLength());
        }
    }

    /// Returns whether an IPv4 network overlaps the network of an interface's address.
    static boolean overlap(Addresses.Network network, InetAddress address, int prefixLength) {
        int length = Math.min(network.length(), prefixLength);
        int mask = length == 0 ? 0 : -1 << (32 - length);
        return (number(address) & mask) == (number(network) & mask);
    }

    private static int number(Addresses.Network network) {
        return number(InetAddress.ofLiteral(network.host4(0)));
    }

    private static int number(InetAddress address) {
        int number = 0;
        for (byte octet : address.getAddress()) {
            number = (number << 8) | (octet & 0xFF);
        }
        return number;
    }
}
