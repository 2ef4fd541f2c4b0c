package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.anycastdns.server.net.TcpClients.Account;
import org.junit.jupiter.api.Test;

/// What is remembered of client networks, for how long, and how many of them.
class TcpClientsTest {

    private static final ClientNetwork RESOLVER = network("192.0.2.1");
    private static final ClientNetwork SCANNER = network("2001:db8:1:2ff::1");

    private long nanos;

    private final TcpClients clients = new TcpClients(() -> nanos);

    private static ClientNetwork network(String address) {
        return ClientNetwork.of(Client.loopback(address).getAddress());
    }

    private List<Account> busiest(int limit) {
        return clients.busiest(limit, network -> network.equals(RESOLVER) ? 2 : 0);
    }

    @Test
    void theBusiestNetworkComesFirstWithWhatItDid() {
        clients.began(SCANNER);
        clients.ended(SCANNER, TcpClose.MALFORMED);
        for (int i = 0; i < 3; i++) {
            clients.began(RESOLVER);
        }
        assertEquals(1, clients.displaced(RESOLVER));
        clients.ended(RESOLVER, TcpClose.CLIENT_LIMIT);
        clients.ended(RESOLVER, TcpClose.IDLE);
        clients.ended(RESOLVER, TcpClose.CLIENT);
        Account resolver = new Account("192.0.2.1", 2, 3, 1, 1, 0);
        assertEquals(
                List.of(resolver, new Account("2001:db8:1:200::/56", 0, 1, 0, 0, 1)), busiest(10));
        assertEquals(List.of(resolver), busiest(1));
    }

    @Test
    void aNetworkIsForgottenTenMinutesAfterItsLastConnection() {
        clients.began(RESOLVER);
        nanos += TcpClients.REMEMBERED.minusMillis(1).toNanos();
        clients.began(SCANNER);
        clients.ended(RESOLVER, TcpClose.IDLE);
        nanos += TcpClients.REMEMBERED.minusMillis(1).toNanos();
        assertEquals(2, clients.size());
        nanos += Duration.ofMillis(1).toNanos();
        assertEquals(0, clients.size());
        assertEquals(List.of(), busiest(10));
    }

    @Test
    void aMillionNetworksTakeNoMoreMemoryAndDoNotHideABusyOne() {
        for (int i = 0; i < 1_000_000; i++) {
            clients.began(new ClientNetwork(i));
            if (i % 10_000 == 0) {
                clients.began(RESOLVER);
            }
        }
        assertTrue(clients.size() <= TcpClients.NETWORKS_MAX, () -> clients.size() + " networks");
        assertEquals(new Account("192.0.2.1", 2, 100, 0, 0, 0), busiest(1).getFirst());
    }

    @Test
    void connectionsOfManyThreadsAreAllCounted() {
        IntStream.range(0, 100_000).parallel().forEach(_ -> clients.began(RESOLVER));
        assertEquals(100_000, busiest(1).getFirst().connections());
    }
}
