package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.anycastdns.lab.topology.Addresses;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When an interface of the host is in the way of the network 198.51.100.8/29.
class SubnetsTest {

    private static final Addresses.Network NETWORK =
            new Addresses.Network("pops-us", "198.51.100.", 8, 29, "2001:db8:100:1");

    @ParameterizedTest
    @CsvSource({
        "198.51.100.9, 29, true",
        "198.51.100.15, 32, true",
        "198.51.100.200, 24, true",
        "0.0.0.0, 0, true",
        "198.51.100.7, 29, false",
        "198.51.100.16, 32, false",
        "192.0.2.1, 24, false",
    })
    void itIsWhenOneContainsTheOther(String address, int length, boolean overlaps) {
        assertEquals(overlaps, Subnets.overlap(NETWORK, InetAddress.ofLiteral(address), length));
    }
}
