package org.anycastdns.benchmarks.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/// The client that measures answers beside transfers.
class SteadyClientTest {

    @Test
    void everyQueryHasALatencyAndAnIdOfItsOwn() throws Exception {
        Set<Integer> ids = ConcurrentHashMap.newKeySet();
        try (DatagramSocket echo =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Thread _ = Thread.ofPlatform().daemon().start(() -> echo(echo, ids));
            Histogram latency =
                    SteadyClient.ask(
                            (InetSocketAddress) echo.getLocalSocketAddress(),
                            _ -> new byte[12],
                            Duration.ofMillis(100));
            assertTrue(latency.getTotalCount() > 0);
            assertEquals(latency.getTotalCount(), ids.size());
            assertTrue(latency.getMinValue() > 0, () -> "" + latency.getMinValue());
        }
    }

    private static void echo(DatagramSocket socket, Set<Integer> ids) {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        try {
            while (true) {
                socket.receive(packet);
                ids.add((packet.getData()[0] & 0xff) << 8 | (packet.getData()[1] & 0xff));
                socket.send(packet);
            }
        } catch (IOException _) {
            // The test has ended.
        }
    }
}
