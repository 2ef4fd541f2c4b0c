package org.anycastdns.benchmarks.transfer;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.MessageSection;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigStream;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;

/// A client that changes a zone by UPDATE (RFC 2136) over UDP, signed with TSIG. Each update adds
/// the address of a new name. The next one is sent when the one before is acknowledged; each
/// acknowledgment must be signed and say NOERROR.
public final class UpdateClient implements AutoCloseable {

    /// A server that is silent for so long has failed.
    private static final int PATIENCE_MILLIS = 10_000;

    /// How long a query for an added name waits for its answer.
    private static final int QUERY_PATIENCE_MILLIS = 500;

    private static final long ASK_AGAIN_NANOS = 2_000_000;
    private static final int OCTETS_MAX = 4_096;
    private static final int TTL_SECONDS = 300;
    private static final byte[] ADDRESS = {(byte) 203, 0, 113, 1};

    private final Name zone;
    private final TsigKey key;
    private final DatagramSocket socket = new DatagramSocket();
    private int sent;

    /// What was acknowledged.
    ///
    /// @param updates how many updates
    /// @param nanos from the first request to the last response
    public record Acknowledged(int updates, long nanos) {}

    /// Creates a client.
    public UpdateClient(InetSocketAddress primary, Name zone, TsigKey key) throws IOException {
        this.zone = zone;
        this.key = key;
        socket.connect(primary);
    }

    /// Updates the zone for some time, at least once.
    ///
    /// @throws IOException if an update is not acknowledged
    public Acknowledged inARow(Duration time) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        long startNanos = System.nanoTime();
        int first = sent;
        long passed;
        do {
            update();
            passed = System.nanoTime() - startNanos;
        } while (passed < time.toNanos());
        return new Acknowledged(sent - first, passed);
    }

    private void update() throws IOException {
        sent++;
        int id = sent & 0xffff;
        MessageEncoder encoder = new MessageEncoder(OCTETS_MAX);
        encoder.begin(id, Opcode.UPDATE << Header.OPCODE_SHIFT, 0);
        MessageRecord added =
                new MessageRecord(name(sent), RecordType.A, RecordClass.IN, TTL_SECONDS, ADDRESS);
        if (!encoder.question(new Question(zone, RecordType.SOA, RecordClass.IN))
                || !encoder.record(MessageSection.AUTHORITY, added)) {
            throw new IllegalStateException("an update is shorter than a message");
        }
        byte[] message = encoder.message();
        TsigSigner signer = TsigSigner.request(key);
        byte[] signed = signer.sign(message, message.length, Instant.now().getEpochSecond());
        byte[] reply = exchange(signed);
        int rcode = reply[Header.FLAGS + 1] & Header.OPCODE_MASK;
        String fault =
                new TsigStream(key, signer.mac())
                        .check(reply, reply.length, Instant.now().getEpochSecond());
        if (rcode != Rcode.NOERROR || fault != null) {
            throw new IOException(
                    "update %d was answered with %s%s"
                            .formatted(sent, Rcode.name(rcode), fault == null ? "" : ": " + fault));
        }
    }

    private Name name(int number) {
        return Name.of("u" + number + ".added." + zone);
    }

    private byte[] exchange(byte[] request) throws IOException {
        socket.send(new DatagramPacket(request, request.length));
        DatagramPacket packet = new DatagramPacket(new byte[OCTETS_MAX], OCTETS_MAX);
        do {
            socket.receive(packet);
        } while (packet.getLength() < Header.OCTETS
                || packet.getData()[0] != request[0]
                || packet.getData()[1] != request[1]);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /// Waits until the name that was added last is answered for.
    ///
    /// @throws IOException if it is not within the limit
    public void awaitServed(Duration limit) throws IOException {
        socket.setSoTimeout(QUERY_PATIENCE_MILLIS);
        Name last = name(sent);
        long startNanos = System.nanoTime();
        for (int id = 0; !serves(id & 0xffff, last); id++) {
            if (System.nanoTime() - startNanos > limit.toNanos()) {
                throw new IOException(
                        "%s was added, but is not served within %d s"
                                .formatted(last, limit.toSeconds()));
            }
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
        }
    }

    private boolean serves(int id, Name name) throws IOException {
        MessageEncoder encoder = new MessageEncoder(OCTETS_MAX);
        encoder.begin(id, 0, 0);
        if (!encoder.question(new Question(name, RecordType.A, RecordClass.IN))) {
            throw new IllegalStateException("a query is shorter than a message");
        }
        try {
            return MessageParser.parse(exchange(encoder.message()))
                            instanceof ParsedMessage.Sound(WholeMessage answer)
                    && answer.answers().size() == 1
                    && Arrays.equals(answer.answers().getFirst().rdata(), ADDRESS);
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
