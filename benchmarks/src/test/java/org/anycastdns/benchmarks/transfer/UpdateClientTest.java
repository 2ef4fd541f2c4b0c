package org.anycastdns.benchmarks.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// The client of UPDATE. The server is made of dnsjava, which verifies the signatures.
class UpdateClientTest {

    private static final byte[] SECRET =
            "only a test knows this secret 32".getBytes(StandardCharsets.US_ASCII);
    private static final TsigKey KEY =
            new TsigKey(Name.of("transfer"), TsigAlgorithm.HMAC_SHA256, SECRET);
    private static final TSIG SAME_KEY =
            new TSIG(TSIG.HMAC_SHA256, org.xbill.DNS.Name.fromConstantString("transfer."), SECRET);
    private static final Duration SHORT = Duration.ofMillis(50);

    /// A server that takes every update with the right signature.
    private static final class Server implements AutoCloseable {

        private final DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final List<Record> added = new CopyOnWriteArrayList<>();
        private final int rcode;
        private final boolean signs;

        Server(int rcode, boolean signs) throws IOException {
            this.rcode = rcode;
            this.signs = signs;
            Thread _ = Thread.ofPlatform().daemon().start(this::serve);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        private void serve() {
            DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
            try {
                while (true) {
                    packet.setLength(4_096);
                    socket.receive(packet);
                    byte[] reply = reply(Arrays.copyOf(packet.getData(), packet.getLength()));
                    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                // The test has ended.
            }
        }

        private byte[] reply(byte[] octets) throws IOException {
            Message request = new Message(octets);
            Message reply = new Message(request.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setOpcode(request.getHeader().getOpcode());
            reply.addRecord(request.getQuestion(), Section.QUESTION);
            if (request.getHeader().getOpcode() == Opcode.QUERY) {
                added.stream()
                        .filter(each -> each.getName().equals(request.getQuestion().getName()))
                        .forEach(each -> reply.addRecord(each, Section.ANSWER));
                return reply.toWire();
            }
            assertEquals(Rcode.NOERROR, SAME_KEY.verify(request, octets, null));
            assertEquals(Type.SOA, request.getQuestion().getType());
            added.addAll(request.getSection(Section.UPDATE));
            reply.getHeader().setRcode(rcode);
            if (signs) {
                reply.setTSIG(SAME_KEY, Rcode.NOERROR, request.getTSIG());
            }
            return reply.toWire(65_535);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static UpdateClient client(Server server) throws IOException {
        return new UpdateClient(server.address(), Name.of("test."), KEY);
    }

    @Test
    void eachUpdateAddsOneNameThatIsServed() throws Exception {
        try (Server server = new Server(Rcode.NOERROR, true);
                UpdateClient client = client(server)) {
            UpdateClient.Acknowledged first = client.inARow(SHORT);
            UpdateClient.Acknowledged second = client.inARow(SHORT);
            client.awaitServed(Duration.ofSeconds(30));
            assertTrue(first.updates() > 0 && first.nanos() >= SHORT.toNanos());
            assertEquals(first.updates() + second.updates(), server.added.size());
            assertEquals(
                    server.added.size(),
                    server.added.stream().map(Record::getName).distinct().count());
            assertEquals(
                    "203.0.113.1",
                    ((ARecord) server.added.getLast()).getAddress().getHostAddress());
        }
    }

    @Test
    void whatIsNotDoneDoesNotCount() throws Exception {
        try (Server server = new Server(Rcode.SERVFAIL, true);
                UpdateClient client = client(server)) {
            IOException refused =
                    assertThrows(IOException.class, () -> client.inARow(Duration.ofSeconds(1)));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("SERVFAIL"), refused::toString);
        }
    }

    @Test
    void anAnswerWithoutASignatureDoesNotCount() throws Exception {
        try (Server server = new Server(Rcode.NOERROR, false);
                UpdateClient client = client(server)) {
            IOException unsigned =
                    assertThrows(IOException.class, () -> client.inARow(Duration.ofSeconds(1)));
            assertTrue(
                    String.valueOf(unsigned.getMessage()).contains("not signed"),
                    unsigned::toString);
        }
    }

    @Test
    void aServerThatDoesNotServeWhatItTookIsNoticed() throws Exception {
        try (Server server = new Server(Rcode.NOERROR, true);
                UpdateClient client = client(server)) {
            var _ = client.inARow(SHORT);
            server.added.clear();
            IOException absent =
                    assertThrows(IOException.class, () -> client.awaitServed(Duration.ZERO));
            assertTrue(
                    String.valueOf(absent.getMessage()).contains("is not served"),
                    absent::toString);
        }
    }
}
