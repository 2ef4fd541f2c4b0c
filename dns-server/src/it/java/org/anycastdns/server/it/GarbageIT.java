package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Checks that the server, with the launcher's JVM options, allocates nothing under load, syscalls
/// included. A garbage collection would stop all threads for milliseconds.
class GarbageIT {

    /// Each query is its own batch, with three syscalls. If each syscall left an object of 32
    /// bytes, these would fill the young generation of some 4 MiB four times.
    private static final int QUERIES = 200_000;

    /// The allocations of the server's own housekeeping may fill the young generation just then.
    private static final int COLLECTIONS_MAX = 1;

    /// The JIT compiler removes the allocations in the first round, or later if its core is busy.
    private static final int ROUNDS_MAX = 6;

    private static final int REPLY_OCTETS_MAX = 1_232;

    /// After this time the server is gone: queries sent one at a time are not lost within a
    /// machine.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Pattern COLLECTIONS =
            Pattern.compile("(?m)^jvm_gc_pause_seconds_count\\{.*} (\\S+)$");

    @Test
    void queriesBringNoCollections() throws IOException, InterruptedException {
        Path zones = Repository.root().resolve("zones");
        List<Long> collections = new ArrayList<>();
        try (Server server = Server.start(zones)) {
            do {
                long first = count(server);
                long before = count(server);
                ask(server.port());
                // Reading the count allocates too.
                collections.add(count(server) - before - (before - first));
            } while (collections.getLast() > COLLECTIONS_MAX && collections.size() < ROUNDS_MAX);
        }
        assertTrue(
                collections.getLast() <= COLLECTIONS_MAX,
                () -> "collections in each " + QUERIES + " queries: " + collections);
    }

    private static long count(Server server) throws IOException, InterruptedException {
        List<MatchResult> counts = COLLECTIONS.matcher(server.page("/metrics")).results().toList();
        assertFalse(counts.isEmpty(), "the start brings some, so this metric is there");
        return (long) counts.stream().mapToDouble(each -> Double.parseDouble(each.group(1))).sum();
    }

    /// Sends queries one at a time, which `UdpClient` does not.
    private static void ask(int port) throws IOException {
        Name name = Name.fromString("ns1.example.com.");
        byte[] query = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)).toWire();
        DatagramPacket request = new DatagramPacket(query, query.length);
        DatagramPacket reply = new DatagramPacket(new byte[REPLY_OCTETS_MAX], REPLY_OCTETS_MAX);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) SILENCE.toMillis());
            for (int i = 0; i < QUERIES; i++) {
                socket.send(request);
                socket.receive(reply);
            }
        }
        Message answer = new Message(Arrays.copyOf(reply.getData(), reply.getLength()));
        assertEquals(Rcode.NOERROR, answer.getHeader().getRcode(), answer::toString);
    }
}
