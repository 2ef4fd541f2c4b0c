package org.anycastdns.benchmarks.load;

import java.util.Arrays;
import org.anycastdns.server.net.posix.UdpSocket;

/// One source port and its outstanding queries. Queries are numbered. The low bits of the number,
/// XORed with a mask, are the ID; the lowest bits are the slot.
final class Port {

    /// In place of the number of a query.
    static final int NONE = -1;

    final UdpSocket socket;
    final int idMask;
    final long[] dueNanos;
    final int[] query;
    final char[] numbers;
    int next;

    Port(UdpSocket socket, int idMask, int slots) {
        this.socket = socket;
        this.idMask = idMask;
        this.dueNanos = new long[slots];
        this.query = new int[slots];
        this.numbers = new char[slots];
        Arrays.fill(query, NONE);
    }

    /// Returns the slot of a query.
    int slot(int number) {
        return number & (query.length - 1);
    }
}
