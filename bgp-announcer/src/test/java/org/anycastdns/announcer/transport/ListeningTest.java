package org.anycastdns.announcer.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
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

    /// As after a reload that binds a neighbor to an interface.
    @Test
    void aSocketOfAnInterfaceSharesTheAddressOfOneThatListensAlready() throws Exception {
        try (Transport transport = new Transport(1);
                Transport other = new Transport(1)) {
            InetSocketAddress address =
                    transport
                            .listen(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    null,
                                    Map.of(),
                                    _ -> null)
                            .address();
            String taken =
                    assertThrows(
                                    IOException.class,
                                    () -> other.listen(address, null, Map.of(), _ -> null))
                            .getMessage();
            assertEquals("Address already in use", taken);
            assertEquals(address, transport.listen(address, "lo", Map.of(), _ -> null).address());
        }
    }
}
