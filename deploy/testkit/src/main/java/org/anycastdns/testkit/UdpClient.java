package org.anycastdns.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;

/// Asks many questions over one UDP socket, some at a time and each only once: a lost answer is a
/// finding, not something to ask again.
public final class UdpClient {

    /// Questions under way: few enough that no socket buffer of the server runs over.
    private static final int WINDOW = 64;

    /// Without any answer for so long, the rest is taken as unanswered.
    private static final long SILENCE_MILLIS = 5_000;

    private static final int ANSWER_SIZE_MAX = 65_535;

    private UdpClient() {}

    /// Puts every query, with an id of its own, to a server; gives the answers in the same order,
    /// empty for a query without one.
    ///
    /// @param queries wire format; their first two bytes are overwritten
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

    /// Files an answer under the latest query that had its id; 1 when it was the first one.
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
