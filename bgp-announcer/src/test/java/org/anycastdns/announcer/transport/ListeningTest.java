package org.anycastdns.announcer.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;

class ListeningTest {

    private static final int TIMES = 50;

    /// Whoever stops and starts again finds the address free.
    @Test
    void anAddressIsFreeOnceNobodyListensThere() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress address = new InetSocketAddress(loopback, Repository.freePort());
        for (int i = 0; i < TIMES; i++) {
            try (Transport transport = new Transport(1)) {
                assertEquals(
                        address, transport.listen(address, null, Map.of(), _ -> null).address());
            }
        }
    }
}
