package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.anycastdns.server.serve.SampleZone;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.serve.WorkerCounters;
import org.anycastdns.server.tls.ServerTls;
import org.anycastdns.server.tls.TlsFileException;
import org.anycastdns.testkit.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// DNS over TLS (RFC 7858, RFC 9103): handshakes that succeed, that fail and that never end.
class TlsTest {

    private static final String NAME = "ns1.example.com";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final String DOT = "dot";

    @TempDir private static Path folder;
    private static TestCertificate certificate;
    private static TestCertificate ofClient;

    private @Nullable Listeners opened;

    @BeforeAll
    static void certificates() throws Exception {
        certificate = TestCertificate.make(folder, NAME, "-1d", 30);
        ofClient = TestCertificate.make(folder, "client.example.com", "-1d", 30);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private Listeners open(TcpLimits tcp, TlsLimits limits, @Nullable Path clientAuthorities)
            throws IOException, TlsFileException {
        ServerTls tls =
                new ServerTls(
                        "tls",
                        new ServerTls.Files(
                                certificate.pem(), certificate.keyPem(), clientAuthorities),
                        InstantSource.system());
        Listeners listeners =
                Listeners.open(
                        Engine.best(),
                        List.of(Client.loopback("127.0.0.1")),
                        2,
                        true,
                        tcp,
                        new TlsListening(List.of(Client.loopback("127.0.0.1")), tls, limits),
                        SampleZone::responder);
        opened = listeners;
        return listeners;
    }

    private Listeners open(TlsLimits limits) throws IOException, TlsFileException {
        return open(TcpLimits.DEFAULT, limits, null);
    }

    private Listeners open() throws IOException, TlsFileException {
        return open(TlsLimits.DEFAULT);
    }

    private static InetSocketAddress address(Listeners listeners) {
        return listeners.boundForTls().getFirst();
    }

    /// Returns a context that trusts the server's certificate.
    ///
    /// @param own the client's own certificate; null for none
    private static SSLContext context(@Nullable TestCertificate own)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("server", certificate.certificate());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore ours = KeyStore.getInstance("PKCS12");
        ours.load(null, null);
        if (own != null) {
            ours.setKeyEntry(
                    "own",
                    own.key(),
                    new char[0],
                    new java.security.cert.Certificate[] {own.certificate()});
        }
        keys.init(ours, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static SSLSocket connect(
            SSLContext context, InetSocketAddress server, String version, String... protocols)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(
                                        new Socket(server.getAddress(), server.getPort()),
                                        NAME,
                                        server.getPort(),
                                        true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static Client client(Listeners listeners, String... protocols)
            throws IOException, GeneralSecurityException {
        return new Client(connect(context(null), address(listeners), "TLSv1.3", protocols));
    }

    private static void await(Listeners listeners, TlsOutcome outcome, long count) {
        Client.await(
                outcome + " of " + listeners.tlsHandshakes(),
                () -> listeners.tlsHandshakes().getOrDefault(outcome, 0L) == count);
    }

    @Test
    void queriesAreAnsweredAsOverTcpAndCountedAsTls() throws Exception {
        Listeners listeners = open();
        try (Client client = client(listeners, DOT)) {
            assertEquals(Rcode.NXDOMAIN, client.ask(1, "no.example.", Type.A).getRcode());
            client.send(Client.pipeline(100, "large.example.", Type.TXT));
            for (int id = 0; id < 100; id++) {
                assertEquals(10, client.receive().getSection(Section.ANSWER).size());
            }
            assertEquals(1, listeners.tlsConnections());
            assertEquals(1, listeners.tcpConnections());
        }
        Client.await("closed", () -> listeners.tlsConnections() == 0);
        Client.await("counted", () -> listeners.tcpClosed(TcpClose.CLIENT) == 1);
        await(listeners, TlsOutcome.FULL, 1);
        assertEquals(101, responses(listeners, Transport.TLS));
        assertEquals(0, responses(listeners, Transport.TCP));
    }

    private static long responses(Listeners listeners, Transport transport) {
        long sum = 0;
        for (WorkerCounters counters : listeners.counters()) {
            for (int slot = 0; slot < WorkerCounters.SLOTS; slot++) {
                for (int type = 0; type < WorkerCounters.TYPE_COUNT; type++) {
                    for (int rcode = 0; rcode < WorkerCounters.RCODE_COUNT; rcode++) {
                        sum += counters.responses(slot, type, rcode, transport);
                    }
                }
            }
        }
        return sum;
    }

    @Test
    void aClientMayNameNoProtocolButNotOnlyOthers() throws Exception {
        Listeners listeners = open();
        SSLContext context = context(null);
        try (SSLSocket dot = connect(context, address(listeners), "TLSv1.3", "h2", DOT);
                SSLSocket none = connect(context, address(listeners), "TLSv1.3")) {
            assertEquals(DOT, dot.getApplicationProtocol());
            assertEquals("", none.getApplicationProtocol());
            new Client(none).ask(1, "www.example.", Type.A);
        }
        assertThrows(
                SSLException.class, () -> connect(context, address(listeners), "TLSv1.3", "h2"));
        await(listeners, TlsOutcome.REFUSED, 1);
    }

    @Test
    void onlyTls13IsSpoken() throws Exception {
        Listeners listeners = open();
        assertThrows(
                SSLException.class, () -> connect(context(null), address(listeners), "TLSv1.2"));
        await(listeners, TlsOutcome.REFUSED, 1);
    }

    @Test
    void anEarlierSessionIsResumed() throws Exception {
        Listeners listeners = open();
        SSLContext context = context(null);
        for (int i = 0; i < 3; i++) {
            try (Client client = new Client(connect(context, address(listeners), "TLSv1.3", DOT))) {
                client.ask(i, "www.example.", Type.A);
            }
        }
        await(listeners, TlsOutcome.FULL, 1);
        await(listeners, TlsOutcome.RESUMED, 2);
    }

    @Test
    void aClientThatEndsItsSideStillGetsAllAnswers() throws Exception {
        Listeners listeners = open();
        try (Client client = client(listeners, DOT)) {
            client.send(Client.pipeline(100, "large.example.", Type.TXT));
            client.endOutput();
            for (int id = 0; id < 100; id++) {
                assertEquals(10, client.receive().getSection(Section.ANSWER).size());
            }
            client.awaitEnd();
        }
        Client.await("closed", () -> listeners.tcpClosed(TcpClose.CLIENT) == 1);
    }

    @Test
    void aSilentConnectionIsClosedAfterTheIdleTime() throws Exception {
        Listeners listeners = open(new TlsLimits(10, 10, LONG, SHORT));
        try (Client client = client(listeners, DOT)) {
            client.ask(1, "www.example.", Type.A);
            client.awaitEnd();
        }
        Client.await("idle", () -> listeners.tcpClosed(TcpClose.IDLE) == 1);
    }

    @Test
    void handshakesThatNeverEndHoldNobodyUpAndEndInTime() throws Exception {
        Listeners listeners = open(new TlsLimits(100, 50, SHORT, LONG));
        List<Client> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                silent.add(new Client(address(listeners)));
                // The beginning of a record of 16 octets.
                silent.get(i).send((byte) 22, (byte) 3, (byte) 1, (byte) 0, (byte) 16);
            }
            try (Client plain = new Client(listeners.bound().getFirst())) {
                plain.ask(1, "www.example.", Type.A);
            }
            for (Client each : silent) {
                each.awaitEnd();
            }
            await(listeners, TlsOutcome.TIMEOUT, 50);
            assertEquals(0, listeners.failures());
            try (Client client = client(listeners, DOT)) {
                client.ask(2, "www.example.", Type.A);
            }
        } finally {
            for (Client each : silent) {
                each.close();
            }
        }
    }

    @Test
    void atTheLimitOfAClientItsOldestHandshakeEnds() throws Exception {
        Listeners listeners = open(new TlsLimits(100, 2, LONG, LONG));
        assertTheOldestEnds(listeners, TlsOutcome.CLIENT_LIMIT);
        await(listeners, TlsOutcome.ENDED, 1);
    }

    @Test
    void atTheTotalTheOldestHandshakeEnds() throws Exception {
        Listeners listeners = open(new TlsLimits(2, 100, LONG, LONG));
        assertTheOldestEnds(listeners, TlsOutcome.TOTAL_LIMIT);
        await(listeners, TlsOutcome.ENDED, 1);
    }

    private static void assertTheOldestEnds(Listeners listeners, TlsOutcome why) throws Exception {
        try (Client first = new Client(address(listeners))) {
            Client.await("the first", () -> listeners.tlsHandshakesOpen() == 1);
            try (Client second = new Client(address(listeners))) {
                Client.await("the second", () -> listeners.tlsHandshakesOpen() == 2);
                try (Client third = client(listeners, DOT)) {
                    third.ask(1, "www.example.", Type.A);
                    first.awaitEnd();
                    await(listeners, why, 1);
                    assertEquals(1, listeners.tlsHandshakesOpen());
                }
                second.send((byte) 22);
            }
        }
    }

    @Test
    void connectionsAfterTheHandshakeCountInTheLimitsOfTcp() throws Exception {
        Listeners listeners =
                open(new TcpLimits(100, 2, LONG), new TlsLimits(10, 10, LONG, LONG), null);
        try (Client first = client(listeners, DOT);
                Client plain = new Client(listeners.bound().getFirst())) {
            first.ask(1, "www.example.", Type.A);
            plain.ask(2, "www.example.", Type.A);
            try (Client third = client(listeners, DOT)) {
                third.ask(3, "www.example.", Type.A);
                first.awaitEnd();
            }
        }
        Client.await("counted", () -> listeners.tcpClosed(TcpClose.CLIENT_LIMIT) == 1);
    }

    @Test
    void whatIsNoTlsIsCountedAndHarmsNobody() throws Exception {
        Listeners listeners = open();
        try (Client plain = new Client(address(listeners))) {
            plain.send(Client.framed(Client.query(1, "www.example.", Type.A)));
            plain.awaitEnd();
        }
        await(listeners, TlsOutcome.NOT_TLS, 1);
        long seed = 20261201;
        Random random = new Random(seed);
        int rounds = 200;
        for (int i = 0; i < rounds; i++) {
            byte[] octets = new byte[1 + random.nextInt(300)];
            random.nextBytes(octets);
            if (random.nextBoolean()) {
                // Looks like a record of a handshake.
                byte[] head = {22, 3, 3, 0, (byte) octets.length};
                System.arraycopy(head, 0, octets, 0, Math.min(octets.length, head.length));
            }
            try (Client hostile = new Client(address(listeners))) {
                hostile.send(octets);
                hostile.endOutput();
                // An alert may come before the end.
                hostile.skipToEnd();
            }
        }
        long sum = 1L + rounds;
        Client.await(
                "all ended, seed " + seed,
                () ->
                        listeners.tlsHandshakes().values().stream().mapToLong(each -> each).sum()
                                == sum);
        assertEquals(0, listeners.tlsHandshakesOpen());
        assertEquals(0, listeners.failures(), "seed " + seed);
        try (Client client = client(listeners, DOT)) {
            client.ask(2, "www.example.", Type.A);
        }
    }

    /// A record that is not what its key says, in the middle of a connection.
    @Test
    void aDamagedRecordEndsTheConnection() throws Exception {
        Listeners listeners = open();
        InetSocketAddress server = address(listeners);
        Socket raw = new Socket(server.getAddress(), server.getPort());
        try (SSLSocket socket =
                (SSLSocket) context(null).getSocketFactory().createSocket(raw, NAME, 853, true)) {
            Client client = new Client(socket);
            client.ask(1, "www.example.", Type.A);
            byte[] record = new byte[5 + 40];
            record[0] = 23;
            record[1] = 3;
            record[2] = 3;
            record[4] = 40;
            raw.getOutputStream().write(record);
            Client.await("ended", () -> listeners.tcpClosed(TcpClose.MALFORMED) == 1);
        }
        assertEquals(0, listeners.failures());
    }

    @Test
    void theCertificateOfAClientIsVerified() throws Exception {
        Listeners listeners = open(TcpLimits.DEFAULT, TlsLimits.DEFAULT, ofClient.pem());
        InetSocketAddress server = address(listeners);
        try (Client named = new Client(connect(context(ofClient), server, "TLSv1.3", DOT));
                Client nameless = new Client(connect(context(null), server, "TLSv1.3", DOT))) {
            named.ask(1, "www.example.", Type.A);
            nameless.ask(2, "www.example.", Type.A);
        }
        // It says the name of an authority, but is not signed by it.
        TestCertificate impostor = TestCertificate.make(folder, "client.example.com", "-1d", 30);
        // In TLS 1.3 the client hears of the refusal after its own handshake.
        assertThrows(
                IOException.class,
                () -> {
                    try (Client other =
                            new Client(connect(context(impostor), server, "TLSv1.3", DOT))) {
                        other.ask(3, "www.example.", Type.A);
                    }
                });
        await(listeners, TlsOutcome.REFUSED, 1);
    }

    @Test
    void aServerWithoutTlsHasNone() throws IOException {
        try (Listeners plain =
                Listeners.open(
                        Engine.best(),
                        List.of(Client.loopback("127.0.0.1")),
                        1,
                        true,
                        TcpLimits.DEFAULT,
                        SampleZone::responder)) {
            assertEquals(List.of(), plain.boundForTls());
            assertTrue(plain.tlsHandshakes().isEmpty());
        }
    }
}
