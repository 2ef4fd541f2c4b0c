package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.SampleZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Type;

/// Responses that come later, from another thread, as those to UPDATE.
class LaterResponseTest {

    private static final int LIMIT_MILLIS = 20_000;

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

    private record Asked(ControlRequest request, CompletableFuture<byte[]> reply) {

        void answer() {
            reply.complete(request.message());
        }
    }

    private ControlReply answer(ControlRequest request) {
        Asked each = new Asked(request, new CompletableFuture<>());
        asked.add(each);
        return new ControlReply.Later(each.reply());
    }

    private Listeners open(Engine engine) throws IOException {
        return Client.listeners(engine, () -> SampleZone.responder(this::answer));
    }

    private Asked next() throws InterruptedException {
        Asked next = asked.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("nothing was asked");
        }
        return next;
    }

    private static byte[] request(int id) {
        return Client.query(id, "example.", Type.IXFR);
    }

    private static void send(Client client, int id) throws IOException {
        client.send(Client.framed(request(id)));
    }

    @Test
    void aQueryIsAnsweredMeanwhile() throws IOException, InterruptedException {
        try (Listeners listeners = open(Engine.netty());
                Client client = new Client(listeners.bound().getFirst())) {
            send(client, 1);
            send(client, 2);
            assertEquals(3, client.ask(3, "www.example.", Type.A).getHeader().getID());
            Asked first = next();
            next().answer();
            assertArrayEquals(request(2), client.octets());
            first.answer();
            assertArrayEquals(request(1), client.octets());
        }
    }

    @Test
    void noMoreAreTakenThanMayWait() throws IOException, InterruptedException {
        try (Listeners listeners = open(Engine.netty());
                Client client = new Client(listeners.bound().getFirst());
                Client other = new Client(listeners.bound().getFirst())) {
            for (int id = 1; id <= 3 * TcpStreams.STREAMS_MAX; id++) {
                send(client, id);
            }
            for (int id = 1; id <= TcpStreams.STREAMS_MAX; id++) {
                assertEquals(id, next().request().message()[1]);
            }
            // The event loop has its turns for others meanwhile.
            for (int id = 0; id < 100; id++) {
                other.ask(id, "www.example.", Type.A);
            }
            assertEquals(0, asked.size());
        }
    }

    @Test
    void eachIsAnsweredAlthoughTheClientSendsNoMore() throws IOException, InterruptedException {
        try (Listeners listeners = open(Engine.netty());
                Client client = new Client(listeners.bound().getFirst())) {
            int count = 3 * TcpStreams.STREAMS_MAX;
            for (int id = 1; id <= count; id++) {
                send(client, id);
            }
            client.endOutput();
            for (int id = 1; id <= count; id++) {
                Asked each = next();
                if (id % 2 == 0) {
                    each.answer();
                    assertArrayEquals(request(id), client.octets());
                } else {
                    each.reply().complete(new byte[0]);
                }
            }
            client.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void overUdpEachSenderGetsItsOwn(boolean best) throws IOException, InterruptedException {
        try (Listeners listeners = open(best ? Engine.best() : Engine.netty());
                DatagramSocket one = new DatagramSocket();
                DatagramSocket other = new DatagramSocket()) {
            InetSocketAddress server = listeners.bound().getFirst();
            send(one, server, request(1));
            Asked first = next();
            send(other, server, request(2));
            next().answer();
            assertArrayEquals(request(2), received(other));
            first.answer();
            assertArrayEquals(request(1), received(one));
        }
    }

    private static void send(DatagramSocket socket, InetSocketAddress server, byte[] message)
            throws IOException {
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.send(new DatagramPacket(message, message.length, server));
    }

    private static byte[] received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
