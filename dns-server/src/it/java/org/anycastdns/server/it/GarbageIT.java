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

/// The server as it is launched, with the compilers as the launcher sets them up, makes no garbage
/// under load, the system calls included: a collection stops everybody for milliseconds.
class GarbageIT {

    /// Each is a batch of its own, of three system calls. If each call left an object of 32 octets,
    /// these would fill the space of new ones, some 4 MiB, four times.
    private static final int QUERIES = 200_000;

    /// What the server's own housekeeping makes may just then have filled that space.
    private static final int COLLECTIONS_MAX = 1;

    /// The compiler comes to it in the first of them, or where others want its core a little later.
    private static final int ROUNDS_MAX = 6;

    private static final int REPLY_OCTETS_MAX = 1_232;

    /// Then the server is gone: nothing is lost within the machine that is asked one by one.
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
                // Telling the count makes garbage too.
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

    /// One by one, which `UdpClient` does not.
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
