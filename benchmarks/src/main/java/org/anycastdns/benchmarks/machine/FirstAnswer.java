package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Waits until a server answers for its zones. It repeats an SOA query for each zone until the
/// response comes.
final class FirstAnswer {

    private static final int PATIENCE_MILLIS = 2;
    private static final int OCTETS_MAX = 4_096;

    private FirstAnswer() {}

    /// Waits until all zones are answered for.
    ///
    /// @param any whether any response counts, as from a reflector
    /// @param alive returns whether the server is still running
    /// @throws IOException if the server ends or the time limit passes
    static void await(
            InetSocketAddress server,
            List<String> zones,
            boolean any,
            Duration limit,
            BooleanSupplier alive)
            throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (String zone : zones) {
                byte[] query = query(zone);
                while (!answers(socket, server, query, any)) {
                    if (!alive.getAsBoolean()) {
                        throw new IOException("it ended before it answered");
                    }
                    if (System.nanoTime() - end > 0) {
                        throw new IOException(
                                "no right answer for %s within %d s"
                                        .formatted(zone, limit.toSeconds()));
                    }
                }
            }
        }
    }

    private static byte[] query(String zone) throws IOException {
        Name name = Name.fromString(zone.endsWith(".") ? zone : zone + ".");
        Message message = Message.newQuery(Record.newRecord(name, Type.SOA, DClass.IN));
        message.getHeader().unsetFlag(Flags.RD);
        return message.toWire();
    }

    private static boolean answers(
            DatagramSocket socket, InetSocketAddress server, byte[] query, boolean any)
            throws IOException {
        long askedNanos = System.nanoTime();
        socket.send(new DatagramPacket(query, query.length, server));
        DatagramPacket packet = new DatagramPacket(new byte[OCTETS_MAX], OCTETS_MAX);
        boolean right = false;
        try {
            while (!right) {
                socket.receive(packet);
                Header answer = new Header(packet.getData());
                boolean same = answer.getID() == new Header(query).getID();
                boolean good =
                        answer.getRcode() == Rcode.NOERROR && answer.getCount(Section.ANSWER) == 1;
                right = same && answer.getFlag(Flags.QR) && (any || good);
                if (!right && System.nanoTime() - askedNanos > PATIENCE_MILLIS * 1_000_000L) {
                    return false;
                }
            }
        } catch (SocketTimeoutException _) {
            return false;
        }
        return true;
    }
}
