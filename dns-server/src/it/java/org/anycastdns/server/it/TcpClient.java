package org.anycastdns.server.it;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/// Sends many queries over one TCP connection without waiting for responses (RFC 7766 section
/// 6.2.1.1), which may arrive in any order.
final class TcpClient {

    private static final int SILENCE_MILLIS = 10_000;

    private TcpClient() {}

    /// Sends every query, with its own ID, to a server. Returns the responses in the order of the
    /// queries.
    ///
    /// @param queries wire format without length, at most 65,536; their IDs are overwritten
    static byte[][] ask(int port, List<byte[]> queries) throws IOException, InterruptedException {
        byte[][] answers = new byte[queries.size()][0];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            Thread writer = Thread.startVirtualThread(() -> write(socket, queries));
            DataInputStream input =
                    new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (int i = 0; i < queries.size(); i++) {
                byte[] answer = new byte[input.readUnsignedShort()];
                input.readFully(answer);
                int id = ((answer[0] & 0xff) << 8) | (answer[1] & 0xff);
                if (id >= answers.length || answers[id].length > 0) {
                    throw new AssertionError("an answer to no query, id " + id);
                }
                answers[id] = answer;
            }
            writer.join();
        }
        return answers;
    }

    private static void write(Socket socket, List<byte[]> queries) {
        try {
            DataOutputStream output =
                    new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            for (int id = 0; id < queries.size(); id++) {
                byte[] query = queries.get(id);
                query[0] = (byte) (id >> 8);
                query[1] = (byte) id;
                output.writeShort(query.length);
                output.write(query);
            }
            output.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
