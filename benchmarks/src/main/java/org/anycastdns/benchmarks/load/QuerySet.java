package org.anycastdns.benchmarks.load;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.xbill.DNS.Type;

/// Queries in wire format. They are encoded once, so that sending one costs only a copy.
public final class QuerySet {

    /// Limit for all queries together, in bytes: about 30 million queries.
    private static final int OCTETS_MAX = 1 << 30;

    private static final int RECURSION_NOT_DESIRED = 0;
    private static final int DNSSEC_OK = 0x8000;

    private final byte[] octets;
    private final int[] ends;

    private QuerySet(byte[] octets, int... ends) {
        this.octets = octets;
        this.ends = ends;
    }

    /// The EDNS settings of the queries (RFC 6891).
    ///
    /// @param udpSize largest UDP response that is accepted, in bytes; 0 for no EDNS
    /// @param dnssecOk the DO bit
    public record Edns(int udpSize, boolean dnssecOk) {
        /// Queries without an OPT record.
        public static final Edns NONE = new Edns(0, false);
    }

    /// Reads dnsperf's format: a name and a type on each line. Empty lines and lines that begin
    /// with `;` or `#` are skipped.
    ///
    /// @throws IllegalArgumentException if a line is malformed; the message names the line
    public static QuerySet read(String fileName, BufferedReader lines, Edns edns)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int[] ends = new int[1 << 10];
        int count = 0;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith(";") || text.startsWith("#")) {
                continue;
            }
            try {
                write(text, edns, all);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s:%d: %s".formatted(fileName, number, e.getMessage()), e);
            }
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            ends[count++] = all.size();
            if (all.size() > OCTETS_MAX) {
                throw new IllegalArgumentException(fileName + " holds too many queries");
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException(fileName + " holds no query");
        }
        return new QuerySet(all.toByteArray(), Arrays.copyOf(ends, count));
    }

    private static void write(String text, Edns edns, ByteArrayOutputStream into) {
        String[] words = text.split("\\s+");
        if (words.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is not NAME TYPE");
        }
        Name name = Name.of(words[0].endsWith(".") ? words[0] : words[0] + ".");
        int type = Type.value(words[1].toUpperCase(Locale.ROOT), true);
        if (type < 0) {
            throw new IllegalArgumentException("type '" + words[1] + "' is unknown");
        }
        boolean extended = edns.udpSize() > 0;
        shorts(into, 0, RECURSION_NOT_DESIRED, 1, 0, 0, extended ? 1 : 0);
        into.writeBytes(name.wire());
        shorts(into, type, 1);
        if (extended) {
            into.write(0);
            int flags = edns.dnssecOk() ? DNSSEC_OK : 0;
            shorts(into, RecordType.OPT, edns.udpSize(), 0, flags, 0);
        }
    }

    private static void shorts(ByteArrayOutputStream into, int... numbers) {
        for (int number : numbers) {
            into.write(number >>> 8);
            into.write(number);
        }
    }

    /// Returns the number of queries.
    public int size() {
        return ends.length;
    }

    /// Returns where a query's message begins in {@link #octets}. Its ID is 0.
    int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /// Returns the length of a query's message in bytes.
    int length(int index) {
        return ends[index] - start(index);
    }

    /// Returns the length of a query's header and question in bytes.
    int questionEnd(int index) {
        int at = start(index) + 12;
        while (octets[at] != 0) {
            at += octets[at] + 1;
        }
        return at + 5 - start(index);
    }

    /// Returns a copy of one query's message.
    public byte[] message(int index) {
        return Arrays.copyOfRange(octets, start(index), ends[index]);
    }

    /// Returns all messages, one after the other.
    byte[] octets() {
        return octets;
    }
}
