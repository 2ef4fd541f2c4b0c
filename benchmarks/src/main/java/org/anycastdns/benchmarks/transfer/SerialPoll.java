package org.anycastdns.benchmarks.transfer;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.anycastdns.server.transfer.message.MessageEncoder;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.SoaFields;

/// Asks a server for the SOA record of a zone until it has a serial. The queries are not signed.
///
/// Queries are 200 us apart at first. Later they are apart by a fiftieth of the time that has
/// passed, so that the error stays below 2 % and the server hardly notices them.
public final class SerialPoll {

    private static final long PAUSE_NANOS_MIN = 200_000;
    private static final long PAUSE_NANOS_MAX = 5_000_000;
    private static final int PAUSE_SHARE = 50;

    /// A server that loads a zone may answer late; it is asked again.
    private static final int PATIENCE_MILLIS = 20;

    private static final int OCTETS_MAX = 4_096;

    private SerialPoll() {}

    /// Waits for a serial.
    ///
    /// @return when the answer with it came
    /// @throws IOException if it does not come within the limit
    public static long await(InetSocketAddress server, Name zone, int serial, Duration limit)
            throws IOException {
        long startNanos = System.nanoTime();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            // The ID tells answers to earlier queries apart.
            for (int id = 0; ; id = id + 1 & 0xffff) {
                if (serves(socket, server, query(id, zone), serial)) {
                    return System.nanoTime();
                }
                long passed = System.nanoTime() - startNanos;
                if (passed > limit.toNanos()) {
                    throw new IOException(
                            "serial %s of %s is not served within %d s"
                                    .formatted(
                                            Integer.toUnsignedString(serial),
                                            zone,
                                            limit.toSeconds()));
                }
                LockSupport.parkNanos(
                        Math.clamp(passed / PAUSE_SHARE, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX));
            }
        }
    }

    private static byte[] query(int id, Name zone) {
        MessageEncoder encoder = new MessageEncoder(OCTETS_MAX);
        encoder.begin(id, 0, 0);
        if (!encoder.question(new Question(zone, RecordType.SOA, RecordClass.IN))) {
            throw new IllegalStateException("a query is shorter than a message");
        }
        return encoder.message();
    }

    private static boolean serves(
            DatagramSocket socket, InetSocketAddress server, byte[] query, int serial)
            throws IOException {
        socket.send(new DatagramPacket(query, query.length, server));
        DatagramPacket packet = new DatagramPacket(new byte[OCTETS_MAX], OCTETS_MAX);
        try {
            do {
                socket.receive(packet);
            } while (packet.getData()[0] != query[0] || packet.getData()[1] != query[1]);
        } catch (SocketTimeoutException _) {
            return false;
        }
        return MessageParser.parse(Arrays.copyOf(packet.getData(), packet.getLength()))
                        instanceof ParsedMessage.Sound(WholeMessage answer)
                && answer.answers().size() == 1
                && answer.answers().getFirst().type() == RecordType.SOA
                && SoaFields.serial(answer.answers().getFirst().rdata()) == serial;
    }
}
