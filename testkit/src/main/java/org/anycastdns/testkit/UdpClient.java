package org.anycastdns.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;

/// Sends many queries over one UDP socket with a limited number outstanding. It never retries: a
/// lost response is a finding.
public final class UdpClient {

    /// Outstanding queries: few enough that no socket buffer of the server overflows.
    private static final int WINDOW = 64;

    /// After this time without any response, the outstanding queries count as unanswered.
    private static final long SILENCE_MILLIS = 5_000;

    private static final int ANSWER_SIZE_MAX = 65_535;

    private UdpClient() {}

    /// Sends every query, with its own ID, to a server. Returns the responses in the order of the
    /// queries; a query without a response has an empty one.
    ///
    /// @param queries wire format; the first two bytes are overwritten
    public static byte[][] ask(int port, List<byte[]> queries) throws IOException {
        byte[][] answers = new byte[queries.size()][0];
        try (DatagramChannel channel = DatagramChannel.open();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(ANSWER_SIZE_MAX);
            int sent = 0;
            int received = 0;
            while (received < queries.size()) {
                for (; sent < queries.size() && sent - received < WINDOW; sent++) {
                    ByteBuffer query = ByteBuffer.wrap(queries.get(sent));
                    channel.write(query.putShort(0, (short) sent));
                }
                if (selector.select(SILENCE_MILLIS) == 0) {
                    return answers;
                }
                selector.selectedKeys().clear();
                while (channel.read(buffer.clear()) > 0) {
                    received += keep(buffer.flip(), answers, sent);
                }
            }
        }
        return answers;
    }

    /// Stores a response for the latest query with its ID. Returns 1, the number of queries
    /// answered.
    ///
    /// @throws AssertionError if no query waits for the response
    private static int keep(ByteBuffer answer, byte[][] answers, int sent) {
        int id = answer.getShort(0) & 0xffff;
        int index = sent - 1 - ((sent - 1 - id) & 0xffff);
        if (index < 0 || answers[index].length > 0) {
            throw new AssertionError("an answer to no query, id " + id);
        }
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        answers[index] = bytes;
        return 1;
    }
}
