package org.anycastdns.server.transfer.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.transfer.secondary.Primary;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigStream;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.server.transfer.update.UpdateReply;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Case 112: UPDATEs that a secondary hands on, with primaries that do as each test says.
class UpdateForwarderTest {

    private static final Name ZONE = Name.of("example");
    private static final int LIMIT_SECONDS = 60;

    /// More connections than any test opens at once.
    private static final int BACKLOG = 2 * UpdateForwarder.UNDERWAY_MAX;

    private static final long NOW = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    private static final TsigKey KEY =
            new TsigKey(
                    Name.of("client."),
                    TsigAlgorithm.HMAC_SHA256,
                    "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final UpdateForwarder forwarder = new UpdateForwarder(ControlDoor.CLOSED);

    @AfterEach
    void stop() throws Exception {
        forwarder.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /// What a primary does with the requests that it got.
    private final class FakePrimary implements AutoCloseable {

        private final ServerSocket server =
                new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
        private final List<Socket> sockets = new ArrayList<>();

        private record Asked(byte[] message, Socket socket) {

            void send(byte[] response) throws IOException {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(response.length);
                out.write(response);
                out.flush();
            }
        }

        FakePrimary() throws IOException {
            opened.add(this);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = server.accept();
                    synchronized (sockets) {
                        sockets.add(socket);
                    }
                    read(socket);
                }
            } catch (IOException _) {
                // The test has ended.
            }
        }

        private void read(Socket socket) {
            try {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] message = in.readNBytes(in.readUnsignedShort());
                asked.add(new Asked(message, socket));
            } catch (IOException _) {
                // The forwarder has given up.
            }
        }

        Primary primary() {
            return new Primary("hidden", (InetSocketAddress) server.getLocalSocketAddress(), null);
        }

        Asked next() throws InterruptedException {
            Asked next = asked.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next);
            return next;
        }

        /// Answers as a primary that knows the key.
        void answer(int rcode) throws Exception {
            Asked next = next();
            TsigVerdict.Verified verified =
                    assertInstanceOf(TsigVerdict.Verified.class, check(next.message(), KEY));
            byte[] plain =
                    UpdateReply.of(UpdateMessages.parsed(next.message()), rcode, null, 1_232);
            next.send(verified.reply().sign(plain, plain.length, NOW));
        }

        @Override
        public void close() throws IOException {
            server.close();
            synchronized (sockets) {
                for (Socket each : sockets) {
                    each.close();
                }
            }
        }
    }

    private static TsigVerdict check(byte[] message, TsigKey... keys) {
        return TsigRequests.check(new TsigKeys(List.of(keys)), message, message.length, NOW);
    }

    private void primaries(Primary... primaries) {
        forwarder.forward(Map.of(ZONE, List.of(primaries)));
    }

    /// A request, and what verifies the response.
    private record Sent(ControlRequest request, TsigStream client) {

        void assertAnswered(CompletableFuture<byte[]> later, int rcode) throws Exception {
            byte[] response = later.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertArrayEquals(
                    Arrays.copyOf(request.message(), 2), Arrays.copyOf(response, 2), "the ID");
            assertEquals(Rcode.name(rcode), UpdateMessages.parsed(response).rcodeName());
            assertNull(client.check(response, response.length, NOW));
        }
    }

    private static Sent sent(boolean isKnown, String line) {
        byte[] plain = UpdateMessages.message("example.", line).toWire(65_535);
        TsigSigner signer = TsigSigner.request(KEY);
        byte[] signed = signer.sign(plain, plain.length, NOW);
        return new Sent(
                request(
                        signed,
                        isKnown && check(signed, KEY) instanceof TsigVerdict.Verified verified
                                ? verified
                                : null),
                new TsigStream(KEY, signer.mac()));
    }

    private static ControlRequest request(
            byte[] message, TsigVerdict.@Nullable Verified signature) {
        return new ControlRequest(
                message,
                Standing.SERVED,
                InetAddress.ofLiteral("192.0.2.7"),
                Transport.UDP,
                null,
                signature,
                1_232,
                0,
                NOW);
    }

    private CompletableFuture<byte[]> forwarded(Sent sent) {
        CompletableFuture<byte[]> later = forwarder.answerUnknownKey(sent.request());
        assertNotNull(later);
        return later;
    }

    private long count(String result) {
        return Objects.requireNonNull(forwarder.counters().counts().get(result));
    }

    @Test
    void aKeyThatOnlyThePrimaryKnows() throws Exception {
        FakePrimary primary = new FakePrimary();
        primaries(primary.primary());
        Sent sent = sent(false, "add a.example. 60 A 192.0.2.1");
        CompletableFuture<byte[]> later = forwarded(sent);
        primary.answer(Rcode.YXDOMAIN);
        sent.assertAnswered(later, Rcode.YXDOMAIN);
        assertEquals(1, count("answered"));
    }

    @Test
    void aKeyThatBothKnow() throws Exception {
        FakePrimary primary = new FakePrimary();
        primaries(primary.primary());
        Sent sent = sent(true, "add a.example. 60 A 192.0.2.1");
        CompletableFuture<byte[]> later =
                assertInstanceOf(ControlReply.Later.class, forwarder.answer(sent.request()))
                        .message();
        primary.answer(Rcode.NOERROR);
        sent.assertAnswered(later, Rcode.NOERROR);
    }

    @Test
    void whatIsNotSignedGoesNowhere() throws Exception {
        FakePrimary primary = new FakePrimary();
        primaries(primary.primary());
        byte[] plain = UpdateMessages.message("example.", "add a.example. 60 A 192.0.2.1").toWire();
        assertEquals(
                new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED_KEY),
                forwarder.answer(request(plain, null)));
        assertEquals(1, count("refused"));
    }

    @Test
    void otherZonesAndMessagesAreForOthers() {
        Sent sent = sent(true, "add a.example. 60 A 192.0.2.1");
        assertEquals(ControlDoor.CLOSED.answer(sent.request()), forwarder.answer(sent.request()));
        forwarder.forward(Map.of(Name.of("other."), List.of()));
        assertEquals(ControlDoor.CLOSED.answer(sent.request()), forwarder.answer(sent.request()));
        assertNull(forwarder.answerUnknownKey(sent.request()));
        byte[] cut = Arrays.copyOf(sent.request().message(), 40);
        assertNull(forwarder.answerUnknownKey(request(cut, null)));
    }

    /// One that refuses connections, one that closes them, one that says something else first.
    @Test
    void theNextPrimaryIsAsked() throws Exception {
        FakePrimary gone = new FakePrimary();
        gone.close();
        FakePrimary closes = new FakePrimary();
        FakePrimary last = new FakePrimary();
        primaries(gone.primary(), closes.primary(), last.primary());
        Sent sent = sent(false, "add a.example. 60 A 192.0.2.1");
        CompletableFuture<byte[]> later = forwarded(sent);
        closes.next().socket().close();
        FakePrimary.Asked asked = last.next();
        // Neither the request itself nor a response with another ID is the response.
        asked.send(asked.message());
        byte[] plain =
                UpdateReply.of(UpdateMessages.parsed(asked.message()), Rcode.NOERROR, null, 1_232);
        byte[] other = plain.clone();
        other[1] ^= 1;
        asked.send(other);
        TsigVerdict.Verified verified =
                assertInstanceOf(TsigVerdict.Verified.class, check(asked.message(), KEY));
        asked.send(verified.reply().sign(plain, plain.length, NOW));
        sent.assertAnswered(later, Rcode.NOERROR);
    }

    @Test
    void whenNobodyAnswersItIsServfail() throws Exception {
        FakePrimary silent = new FakePrimary();
        primaries(silent.primary());
        Sent known = sent(true, "add a.example. 60 A 192.0.2.1");
        CompletableFuture<byte[]> later =
                assertInstanceOf(ControlReply.Later.class, forwarder.answer(known.request()))
                        .message();
        var _ = silent.next();
        known.assertAnswered(later, Rcode.SERVFAIL);
        Sent unknown = sent(false, "add b.example. 60 A 192.0.2.1");
        byte[] response = forwarded(unknown).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        // The key is not known here, so this response has no signature.
        assertEquals("SERVFAIL", UpdateMessages.parsed(response).rcodeName());
        assertEquals(2, count("failed"));
    }

    @Test
    void aRepeatIsSentOnce() throws Exception {
        FakePrimary primary = new FakePrimary();
        primaries(primary.primary());
        Sent sent = sent(false, "add a.example. 60 A 192.0.2.1");
        CompletableFuture<byte[]> later = forwarded(sent);
        // It may have another ID, as one that comes back from a server to which it was sent.
        byte[] again = sent.request().message().clone();
        again[0] ^= 1;
        CompletableFuture<byte[]> repeat = forwarder.answerUnknownKey(request(again, null));
        assertNotNull(repeat);
        assertEquals(0, repeat.get(LIMIT_SECONDS, TimeUnit.SECONDS).length);
        primary.answer(Rcode.NOERROR);
        sent.assertAnswered(later, Rcode.NOERROR);
        assertEquals(1, count("repeated"));
        assertSame(null, primary.asked.poll());
    }

    @Test
    void onlySomeAreOnTheirWay() throws Exception {
        FakePrimary primary = new FakePrimary();
        primaries(primary.primary());
        List<CompletableFuture<byte[]>> waiting = new ArrayList<>();
        for (int i = 0; i < UpdateForwarder.UNDERWAY_MAX; i++) {
            waiting.add(forwarded(sent(false, "add h%d.example. 60 A 192.0.2.1".formatted(i))));
        }
        byte[] response =
                forwarded(sent(false, "add a.example. 60 A 192.0.2.1"))
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertEquals("SERVFAIL", UpdateMessages.parsed(response).rcodeName());
        assertEquals(1, count("busy"));
        for (CompletableFuture<byte[]> each : waiting) {
            var _ = each.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        Sent after = sent(false, "add a.example. 60 A 192.0.2.1");
        CompletableFuture<byte[]> later = forwarded(after);
        FakePrimary.Asked last = primary.next();
        while (!Arrays.equals(
                Arrays.copyOfRange(last.message(), 2, last.message().length),
                Arrays.copyOfRange(
                        after.request().message(), 2, after.request().message().length))) {
            last = primary.next();
        }
        byte[] plain =
                UpdateReply.of(UpdateMessages.parsed(last.message()), Rcode.NOERROR, null, 1_232);
        TsigVerdict.Verified verified =
                assertInstanceOf(TsigVerdict.Verified.class, check(last.message(), KEY));
        last.send(verified.reply().sign(plain, plain.length, NOW));
        after.assertAnswered(later, Rcode.NOERROR);
    }
}
