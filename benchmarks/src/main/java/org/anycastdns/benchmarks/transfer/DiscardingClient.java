package org.anycastdns.benchmarks.transfer;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;

/// A client that asks for a zone and discards it, so that only the primary has work. It counts
/// records by the headers of messages to know the end, and verifies no signature.
public final class DiscardingClient {

    private static final int BUFFER_OCTETS = 1 << 18;

    /// A primary that sends nothing for so long has failed.
    private static final int IDLE_MILLIS = (int) Duration.ofMinutes(1).toMillis();

    private static final int ID = 0x5a5a;

    private DiscardingClient() {}

    /// What came.
    ///
    /// @param octets with the lengths of messages and the signatures
    /// @param nanos from the request to the last octet
    public record Received(long octets, long nanos) {}

    /// Transfers a zone by AXFR.
    ///
    /// @param records how many records are the whole answer, with both SOA records
    /// @throws IOException if it ends early or has an error
    public static Received axfr(InetSocketAddress primary, Name zone, TsigKey key, long records)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(IDLE_MILLIS);
            socket.connect(primary, IDLE_MILLIS);
            byte[] request = PreparedVersion.request(ID, zone, null);
            byte[] signed =
                    TsigSigner.request(key)
                            .sign(request, request.length, Instant.now().getEpochSecond());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[signed.length + 2];
            framed[0] = (byte) (signed.length >> 8);
            framed[1] = (byte) signed.length;
            System.arraycopy(signed, 0, framed, 2, signed.length);
            long startNanos = System.nanoTime();
            out.write(framed);
            Stream stream = new Stream(socket.getInputStream());
            long counted = 0;
            while (counted < records) {
                counted += stream.message();
            }
            if (counted > records) {
                throw new IOException("%d records came, not %d".formatted(counted, records));
            }
            return new Received(stream.octets, System.nanoTime() - startNanos);
        }
    }

    /// The octets of a connection, of which only lengths and headers are looked at.
    private static final class Stream {

        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER_OCTETS];
        private int at;
        private int end;
        private long octets;

        Stream(InputStream in) {
            this.in = in;
        }

        /// Reads a message.
        ///
        /// @return how many records its answer section has
        long message() throws IOException {
            int length = next() << 8 | next();
            if (length < Header.OCTETS) {
                throw new IOException("a message has only %d octets".formatted(length));
            }
            int answers = 0;
            int rcode = 0;
            for (int i = 0; i < Header.OCTETS; i++) {
                int octet = next();
                rcode = i == Header.FLAGS + 1 ? octet & Header.OPCODE_MASK : rcode;
                answers =
                        i == Header.ANCOUNT || i == Header.ANCOUNT + 1
                                ? answers << 8 | octet
                                : answers;
            }
            if (rcode != Rcode.NOERROR) {
                throw new IOException("the transfer was answered with " + Rcode.name(rcode));
            }
            skip(length - Header.OCTETS);
            return answers;
        }

        private int next() throws IOException {
            if (at == end) {
                fill();
            }
            return buffer[at++] & 0xff;
        }

        private void skip(int count) throws IOException {
            int left = count;
            while (left > end - at) {
                left -= end - at;
                fill();
            }
            at += left;
        }

        private void fill() throws IOException {
            at = 0;
            end = in.read(buffer);
            if (end < 0) {
                throw new IOException("the transfer ended after %d octets".formatted(octets));
            }
            octets += end;
        }
    }
}
