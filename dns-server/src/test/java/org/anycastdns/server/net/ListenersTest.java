package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Binding addresses, all or none, and letting them go.
class ListenersTest {

    private static final InetAddress LOOPBACK = Client.loopback("127.0.0.1").getAddress();

    private static Listeners open(InetSocketAddress... addresses) throws BindException {
        return open(Engine.best(), addresses);
    }

    private static Listeners open(Engine engine, InetSocketAddress... addresses)
            throws BindException {
        return Listeners.open(
                engine, List.of(addresses), 2, true, TcpLimits.DEFAULT, SampleZone::responder);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aPortInUseForUdpIsNamed(Engine engine) throws IOException {
        int port = Repository.freePort();
        try (DatagramSocket taken = new DatagramSocket(port, LOOPBACK)) {
            assertEquals(
                    "cannot listen on 127.0.0.1:"
                            + taken.getLocalPort()
                            + " (udp): address already in use",
                    refusal(engine, new InetSocketAddress(LOOPBACK, port)));
        }
    }

    @Test
    void aPortInUseForTcpIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();
            assertEquals(
                    "cannot listen on 127.0.0.1:" + port + " (tcp): address already in use",
                    refusal(new InetSocketAddress(LOOPBACK, port)));
        }
    }

    @Test
    void aSecondServerOfTheSameUserCannotShareThePort() throws IOException {
        try (Listeners first = open(Client.loopback("127.0.0.1"))) {
            String refusal = refusal(first.bound().get(0));
            assertTrue(refusal.endsWith(": address already in use"), refusal);
        }
    }

    @Test
    void anAddressOfAnotherHostAndAnUnknownNameAreNamed() {
        String foreign = refusal(new InetSocketAddress("192.0.2.53", 5300));
        assertEquals(
                "cannot listen on 192.0.2.53:5300 (tcp): cannot assign requested address", foreign);
        assertEquals(
                "cannot listen on no.such.invalid:53: unknown host",
                refusal(InetSocketAddress.createUnresolved("no.such.invalid", 53)));
    }

    private static String refusal(InetSocketAddress address) {
        return refusal(Engine.best(), address);
    }

    private static String refusal(Engine engine, InetSocketAddress address) {
        return String.valueOf(
                assertThrows(BindException.class, () -> open(engine, address)).getMessage());
    }

    @Test
    void whenOneAddressFailsNoneStaysBound() throws IOException {
        InetSocketAddress free;
        try (Listeners probe = open(Client.loopback("127.0.0.1"))) {
            free = probe.bound().get(0);
        }
        assertThrows(
                BindException.class, () -> open(free, new InetSocketAddress("192.0.2.53", 5300)));
        try (Listeners again = open(free)) {
            assertEquals(List.of(free), again.bound());
        }
    }

    @Test
    void bothWildcardsCanHaveTheSamePort() throws IOException {
        try (Listeners ipv4 = open(Client.loopback("0.0.0.0"))) {
            int port = ipv4.bound().get(0).getPort();
            InetSocketAddress any = new InetSocketAddress(Client.loopback("::").getAddress(), port);
            try (Listeners ipv6 = open(any)) {
                assertEquals(port, ipv6.bound().get(0).getPort());
                for (String address : List.of("127.0.0.1", "::1")) {
                    InetSocketAddress server = new InetSocketAddress(address, port);
                    assertEquals(
                            Rcode.NOERROR,
                            Client.udp(server, 5, "www.example.", Type.A).getRcode());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void closeEndsEveryConnectionAndFreesThePorts(Engine engine) throws IOException {
        Listeners first = open(engine, Client.loopback("127.0.0.1"), Client.loopback("::1"));
        List<InetSocketAddress> bound = first.bound();
        try (Client client = new Client(bound.get(0))) {
            client.ask(1, "www.example.", Type.A);
            first.close();
            client.awaitEnd();
            assertEquals(0, first.tcpConnections());
            assertEquals(1, first.tcpClosed(TcpClose.SHUTDOWN));
        }
        first.close();
        try (Listeners second = open(bound.toArray(InetSocketAddress[]::new))) {
            assertEquals(bound, second.bound());
            assertEquals(
                    Rcode.NOERROR, Client.udp(bound.get(1), 2, "example.", Type.SOA).getRcode());
        }
    }

    @Test
    void theEngineIsTheOneThatThisSystemHas() throws IOException {
        assertEquals(Epoll.isAvailable() ? Engine.EPOLL : Engine.NIO, Engine.netty());
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        assertEquals(linux ? Engine.MMSG : Engine.netty(), Engine.best());
        for (Engine engine : List.of(Engine.best(), Engine.netty())) {
            try (Listeners listeners = open(engine, Client.loopback("127.0.0.1"))) {
                assertEquals(engine.label(), listeners.engine());
            }
        }
    }

    /// 192.0.2.0/24 and 2001:db8::/32 are for documentation: no host has them.
    @ParameterizedTest
    @EnumSource(names = {"MMSG", "EPOLL"})
    void anAddressThatIsNotHereYetIsBoundUnlessStrict(Engine engine) throws IOException {
        int port = Repository.freePort();
        List<InetSocketAddress> addresses =
                List.of(
                        new InetSocketAddress(LOOPBACK, port),
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), port),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8:53::53"), port));
        try (Listeners listeners =
                Listeners.open(
                        engine, addresses, 1, false, TcpLimits.DEFAULT, SampleZone::responder)) {
            assertEquals(addresses, listeners.bound());
            assertEquals(
                    Map.of(addresses.get(1), Absence.NOT_HERE, addresses.get(2), Absence.NOT_HERE),
                    listeners.absent());
        }
        BindException refusal =
                assertThrows(BindException.class, () -> open(engine, addresses.get(1)));
        assertEquals(
                "cannot listen on 192.0.2.53:" + port + " (tcp): cannot assign requested address",
                refusal.getMessage());
    }
}
