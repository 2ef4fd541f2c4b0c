package org.anycastdns.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ResponseStream;
import org.anycastdns.server.serve.SampleZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Responses of many messages on TCP connections (cases 53 and 55).
class TcpStreamsTest {

    private static final int MESSAGE_OCTETS = 16_000;
    private static final int ENDLESS = Integer.MAX_VALUE;
    private static final long LIMIT_SECONDS = 20;

    private final Queue<Stream> streams = new ConcurrentLinkedQueue<>();
    private volatile int messages = 300;

    /// Messages of the same length, each with the ID of the request.
    private static final class Stream implements ResponseStream {

        private final byte[] message;
        private final int count;
        private final AtomicInteger made = new AtomicInteger();
        private final AtomicInteger closes = new AtomicInteger();
        private final CountDownLatch closed = new CountDownLatch(1);

        Stream(ControlRequest request, int count) {
            this.message = Arrays.copyOf(request.message(), MESSAGE_OCTETS);
            this.count = count;
        }

        @Override
        public byte @Nullable [] next(long epochSeconds) {
            return made.get() == count ? null : fill(made.incrementAndGet());
        }

        private byte[] fill(int number) {
            message[MESSAGE_OCTETS - 1] = (byte) number;
            return message.clone();
        }

        @Override
        public void close() {
            closes.incrementAndGet();
            closed.countDown();
        }

        void awaitClose() throws InterruptedException {
            assertTrue(closed.await(LIMIT_SECONDS, TimeUnit.SECONDS), "not closed");
            assertEquals(1, closes.get());
        }
    }

    private ControlReply answer(ControlRequest request) {
        Stream stream = new Stream(request, messages);
        streams.add(stream);
        return new ControlReply.Stream(stream);
    }

    private Listeners open() throws IOException {
        return open(Engine.netty());
    }

    private Listeners open(Engine engine) throws IOException {
        return Client.listeners(engine, () -> SampleZone.responder(this::answer));
    }

    private static void ask(Client client, int id, int type) throws IOException {
        client.send(Client.framed(Client.query(id, "example.", type)));
    }

    private Stream stream() {
        Client.await("a stream", () -> !streams.isEmpty());
        return streams.element();
    }

    @Test
    void case55AQueryIsNotStuckBehindATransfer() throws IOException, InterruptedException {
        try (Listeners listeners = open();
                Client client = new Client(listeners.bound().getFirst(), 32 << 10)) {
            ask(client, 1, Type.AXFR);
            byte[] first = client.octets();
            assertEquals(MESSAGE_OCTETS, first.length);
            ask(client, 2, Type.SOA);
            List<Integer> ids = new ArrayList<>();
            int count = 1;
            while (count < messages + 1) {
                byte[] message = client.octets();
                ids.add((message[0] & 0xff) << 8 | (message[1] & 0xff));
                count++;
            }
            assertEquals(1, ids.stream().filter(id -> id == 2).count());
            assertTrue(ids.indexOf(2) < messages / 2, "after " + ids.indexOf(2) + " messages");
            stream().awaitClose();
        }
    }

    @Test
    void transfersTakeTurns() throws IOException, InterruptedException {
        messages = 40;
        try (Listeners listeners = open();
                Client client = new Client(listeners.bound().getFirst(), 32 << 10)) {
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (int id = 1; id <= 2 * TcpStreams.STREAMS_MAX; id++) {
                requests.writeBytes(Client.framed(Client.query(id, "example.", Type.AXFR)));
            }
            client.send(requests.toByteArray());
            int[] counts = new int[2 * TcpStreams.STREAMS_MAX + 1];
            int[] ends = new int[counts.length];
            int total = messages * (counts.length - 1);
            for (int i = 0; i < total; i++) {
                byte[] message = client.octets();
                int id = message[1];
                counts[id]++;
                assertEquals((byte) counts[id], message[MESSAGE_OCTETS - 1]);
                ends[id] = i;
            }
            // Each of the first ones ends after all of them have begun to end.
            assertTrue(ends[1] > (messages - 2) * TcpStreams.STREAMS_MAX, Arrays.toString(ends));
            for (Stream each : streams) {
                each.awaitClose();
            }
            client.ask(99, "www.example.", Type.A);
        }
    }

    @Test
    void case53NoMessageIsMadeWhileTheClientDoesNotRead() throws IOException, InterruptedException {
        messages = ENDLESS;
        try (Listeners listeners = open()) {
            Stream stream;
            try (Client client = new Client(listeners.bound().getFirst(), 8 << 10);
                    Client other = new Client(listeners.bound().getFirst())) {
                ask(client, 1, Type.AXFR);
                stream = stream();
                Client.await("messages", () -> stream.made.get() > 3);
                // The event loop has its turns for others meanwhile.
                for (int id = 0; id < 1_000; id++) {
                    other.ask(id, "www.example.", Type.A);
                }
                // Buffers of the kernel on both sides, and of Netty.
                assertTrue(stream.made.get() < 100, stream.made.get() + " messages");
            }
            stream.awaitClose();
        }
    }

    /// RFC 7766 section 6.2.4: the client may still wait for responses.
    @ParameterizedTest
    @MethodSource("engines")
    void case55AClientThatSendsNoMoreGetsTheRestOfItsTransfer(Engine engine)
            throws IOException, InterruptedException {
        try (Listeners listeners = open(engine);
                Client client = new Client(listeners.bound().getFirst(), 8 << 10)) {
            ask(client, 1, Type.AXFR);
            assertEquals(MESSAGE_OCTETS, client.octets().length);
            client.endOutput();
            for (int i = 1; i < messages; i++) {
                assertEquals(MESSAGE_OCTETS, client.octets().length, "message " + i);
            }
            client.awaitEnd();
            stream().awaitClose();
        }
    }

    private static List<Engine> engines() {
        return Engine.netty() == Engine.NIO
                ? List.of(Engine.NIO)
                : List.of(Engine.NIO, Engine.netty());
    }

    @Test
    void overUdpAxfrIsNotImplemented() throws IOException {
        try (Listeners listeners = open()) {
            Message reply = Client.udp(listeners.bound().getFirst(), 5, "example.", Type.AXFR);
            assertEquals(org.xbill.DNS.Rcode.NOTIMP, reply.getRcode());
            assertEquals(0, reply.getSection(Section.ANSWER).size());
            assertTrue(streams.isEmpty());
        }
    }
}
