package org.anycastdns.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.xbill.DNS.Rcode;

/// The expected response to each query of a {@link QuerySet}: response code and number of answer
/// records. The text form has one line such as `NOERROR 2` for each query.
public final class Expectations {

    private static final int ANY = -1;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int ATTEMPTS_MAX = 3;
    private static final int ANSWER_OCTETS_MAX = 65_535;
    private static final int COUNT_BITS = 16;

    private final int[] values;

    private Expectations(int... values) {
        this.values = values;
    }

    /// Returns expectations that any response code meets.
    public static Expectations none(int queries) {
        int[] any = new int[queries];
        Arrays.fill(any, ANY);
        return new Expectations(any);
    }

    /// Reads the text form.
    ///
    /// @throws IllegalArgumentException if a line is malformed; the message names the line
    static Expectations read(String fileName, BufferedReader lines, int queries)
            throws IOException {
        int[] values = new int[queries];
        for (int i = 0; i < queries; i++) {
            String line = lines.readLine();
            String[] words = line == null ? new String[0] : line.strip().split(" ");
            int rcode = words.length == 2 ? Rcode.value(words[0]) : -1;
            if (rcode < 0 || !words[1].matches("\\d{1,5}")) {
                throw new IllegalArgumentException(
                        "%s:%d: not RCODE ANCOUNT for each of %d queries"
                                .formatted(fileName, i + 1, queries));
            }
            values[i] = value(rcode, Integer.parseInt(words[1]));
        }
        return new Expectations(values);
    }

    private static int value(int rcode, int answers) {
        return (rcode << COUNT_BITS) | answers;
    }

    /// Sends each query once, one after the other, and records the responses. This uses plain
    /// sockets and shares no code with the {@link Generator}, so it is an independent check.
    ///
    /// @throws IOException if a query gets no response
    public static Expectations record(InetSocketAddress server, QuerySet queries)
            throws IOException {
        return record(server, queries, 1);
    }

    /// Records the responses to one query in `every`. All other queries may get any response code.
    ///
    /// @param every 1 or more
    public static Expectations record(InetSocketAddress server, QuerySet queries, int every)
            throws IOException {
        int[] values = new int[queries.size()];
        Arrays.fill(values, ANY);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            for (int i = 0; i < values.length; i += every) {
                values[i] = ask(socket, queries, i);
            }
        }
        return new Expectations(values);
    }

    private static int ask(DatagramSocket socket, QuerySet queries, int index) throws IOException {
        byte[] query =
                Arrays.copyOfRange(
                        queries.octets(),
                        queries.start(index),
                        queries.start(index) + queries.length(index));
        DatagramPacket reply = new DatagramPacket(new byte[ANSWER_OCTETS_MAX], ANSWER_OCTETS_MAX);
        for (int attempt = 1; ; attempt++) {
            // The ID tells late responses to earlier queries apart.
            query[0] = (byte) (index >>> 8);
            query[1] = (byte) index;
            socket.send(new DatagramPacket(query, query.length));
            try {
                do {
                    socket.receive(reply);
                } while (reply.getData()[0] != query[0] || reply.getData()[1] != query[1]);
                byte[] octets = reply.getData();
                return value(octets[3] & 0xf, ((octets[6] & 0xff) << 8) | (octets[7] & 0xff));
            } catch (SocketTimeoutException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw new IOException("no answer to query " + (index + 1), e);
                }
            }
        }
    }

    /// Writes the text form.
    void write(Writer to) throws IOException {
        for (int each : values) {
            to.append(Rcode.string(each >>> COUNT_BITS))
                    .append(' ')
                    .append(Integer.toString(each & 0xffff))
                    .append('\n');
        }
    }

    /// Returns whether the response code and the number of answer records are the expected ones.
    boolean meets(int query, int rcode, int answers) {
        return values[query] == ANY || values[query] == value(rcode, answers);
    }
}
