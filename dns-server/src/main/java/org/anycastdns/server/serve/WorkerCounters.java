package org.anycastdns.server.serve;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordType;

/// The counters of one worker thread. Only that worker writes them, without locks; the metrics
/// exporter reads them. A reader may see a count late, but never a torn or lost one.
public final class WorkerCounters {

    /// Number of counter slots for zones; zones without their own slot share {@link #SLOT_OTHER}.
    /// The limit bounds the metric labels and the memory per worker: slots * types * rcodes *
    /// transports * 8 octets.
    public static final int SLOTS = 256;

    /// Slot of requests that belong to no zone.
    public static final int SLOT_NONE = 0;

    /// Slot of zones beyond the first ones.
    public static final int SLOT_OTHER = 1;

    private static final long[] BUCKET_NANOS = {
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        5_000_000,
        25_000_000,
        100_000_000,
        1_000_000_000
    };

    private static final int[] TYPES =
            RecordType.frequentAnd(
                    RecordType.PTR, RecordType.SVCB, RecordType.NAPTR, RecordType.TLSA);

    /// Number of distinct types in the counters; the last one is "other".
    public static final int TYPE_COUNT = TYPES.length + 1;

    private static final int[] RCODES = {
        Rcode.NOERROR,
        Rcode.FORMERR,
        Rcode.SERVFAIL,
        Rcode.NXDOMAIN,
        Rcode.NOTIMP,
        Rcode.REFUSED,
        Rcode.YXDOMAIN,
        Rcode.NOTAUTH,
        Rcode.BADVERS
    };

    /// Number of distinct response codes in the counters: all that this server sends.
    public static final int RCODE_COUNT = RCODES.length;

    /// The kinds of cookies in requests: only a client cookie (RFC 7873 section 5.2.3), one with a
    /// valid server cookie, and one whose server cookie is invalid or too old. Such requests are
    /// answered anyway.
    public static final List<String> COOKIES = List.of("new", "valid", "invalid");

    /// What requests with a TSIG record turned out to be: verified, malformed, or the TSIG error
    /// that they were refused with (RFC 8945 section 5.2).
    public static final List<String> SIGNATURES =
            List.of("ok", "formerr", "badkey", "badsig", "badtime", "badtrunc");

    private static final int TRANSPORT_COUNT = Transport.values().length;
    private static final int COUNTERS_PER_SLOT = TYPE_COUNT * RCODE_COUNT;
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);
    private static final byte[] TYPE_INDEX = new byte[RecordType.CAA + 1];
    private static final byte[] RCODE_INDEX = new byte[Rcode.BADVERS + 1];

    static {
        Arrays.fill(TYPE_INDEX, (byte) TYPES.length);
        for (int i = 0; i < TYPES.length; i++) {
            TYPE_INDEX[TYPES[i]] = (byte) i;
        }
        for (int i = 0; i < RCODES.length; i++) {
            RCODE_INDEX[RCODES[i]] = (byte) i;
        }
    }

    private final long[] responses = new long[TRANSPORT_COUNT * SLOTS * COUNTERS_PER_SLOT];
    private final long[] buckets = new long[BUCKET_NANOS.length + 1];
    // dropped, truncated, sum of response nanoseconds, trailing octets
    private final long[] others = new long[4];
    private final long[] cookies = new long[COOKIES.size()];
    private final long[] signatures = new long[SIGNATURES.size()];

    /// Returns the counter index of a kind of response.
    ///
    /// @param slot the zone's slot, see {@link org.anycastdns.server.zone.Zone#counterSlot}
    static int counterIndex(int slot, int type, int rcode, Transport transport) {
        int typeIndex = type < TYPE_INDEX.length ? TYPE_INDEX[type] : TYPES.length;
        return cell(slot, typeIndex, RCODE_INDEX[rcode], transport);
    }

    /// Counts one response.
    ///
    /// @param counterIndex counter index of the response's kind
    void response(int counterIndex) {
        add(responses, counterIndex, 1);
    }

    private static int transportIndex(Transport transport) {
        return switch (transport) {
            case UDP -> 0;
            case TCP -> 1;
            case TLS -> 2;
        };
    }

    /// The counters of one transport are together, so that those of UDP stay close in memory.
    private static int cell(int slot, int typeIndex, int rcodeIndex, Transport transport) {
        return (transportIndex(transport) * SLOTS + slot) * COUNTERS_PER_SLOT
                + typeIndex * RCODE_COUNT
                + rcodeIndex;
    }

    private static void add(long[] cells, int index, long count) {
        COUNTER.setOpaque(cells, index, cells[index] + count);
    }

    private static long read(long[] cells, int index) {
        return (long) COUNTER.getOpaque(cells, index);
    }

    /// Counts a request without a response.
    void dropped() {
        add(others, 0, 1);
    }

    /// Counts a response with the TC bit.
    void truncated() {
        add(others, 1, 1);
    }

    /// Counts a query with octets after its last record.
    void trailing() {
        add(others, 3, 1);
    }

    /// Counts a COOKIE option by its verdict.
    void cookie(ServerCookie.Verdict verdict) {
        switch (verdict) {
            case NEW -> add(cookies, 0, 1);
            case VALID -> add(cookies, 1, 1);
            case INVALID -> add(cookies, 2, 1);
        }
    }

    /// Counts a request by what became of its TSIG record, if it has one.
    void signature(TsigVerdict verdict) {
        switch (verdict) {
            case TsigVerdict.Unsigned() -> {}
            case TsigVerdict.Verified _ -> add(signatures, 0, 1);
            case TsigVerdict.Malformed _ -> add(signatures, 1, 1);
            case TsigVerdict.Failed failed -> {
                int index =
                        switch (failed.error()) {
                            case BADKEY -> 2;
                            case BADSIG -> 3;
                            case BADTIME -> 4;
                            case BADTRUNC -> 5;
                        };
                add(signatures, index, 1);
            }
        }
    }

    /// Records the time from the arrival of a request to the hand-over of its response.
    public void responseTime(long nanos) {
        responseTime(nanos, 1);
    }

    /// Records the same response time for several responses.
    public void responseTime(long nanos, int count) {
        int bucket = 0;
        while (bucket < BUCKET_NANOS.length && nanos > BUCKET_NANOS[bucket]) {
            bucket++;
        }
        add(buckets, bucket, count);
        add(others, 2, nanos * count);
    }

    /// Returns the number of responses so far.
    ///
    /// @param slot 0 to {@link #SLOTS} - 1
    /// @param typeIndex 0 to {@link #TYPE_COUNT} - 1
    /// @param rcodeIndex 0 to {@link #RCODE_COUNT} - 1
    public long responses(int slot, int typeIndex, int rcodeIndex, Transport transport) {
        return read(responses, cell(slot, typeIndex, rcodeIndex, transport));
    }

    /// Returns the number of requests without a response: too short for a header, or responses
    /// themselves.
    public long droppedCount() {
        return read(others, 0);
    }

    /// Returns the number of responses with the TC bit.
    public long truncatedCount() {
        return read(others, 1);
    }

    /// Returns the number of queries with octets after their last record. They are answered anyway.
    public long trailingCount() {
        return read(others, 3);
    }

    /// Returns the number of requests with a cookie.
    ///
    /// @param index of its kind in {@link #COOKIES}
    public long cookieCount(int index) {
        return read(cookies, index);
    }

    /// Returns the number of requests with a TSIG record.
    ///
    /// @param index of what became of it in {@link #SIGNATURES}
    public long signatureCount(int index) {
        return read(signatures, index);
    }

    /// Returns the upper bounds of the response time buckets in nanoseconds, ascending. One more
    /// bucket counts longer times.
    public static long[] bucketNanos() {
        return BUCKET_NANOS.clone();
    }

    /// Returns the number of response times in one bucket of {@link #bucketNanos}, not cumulated.
    /// The last index counts longer times.
    public long responseTimes(int bucket) {
        return read(buckets, bucket);
    }

    /// Returns the sum of all response times in nanoseconds.
    public long responseNanos() {
        return read(others, 2);
    }

    /// Returns the label of a type index: the mnemonic, or "other".
    public static String typeLabel(int typeIndex) {
        return typeIndex == TYPES.length ? "other" : RecordType.name(TYPES[typeIndex]);
    }

    /// Returns the label of a response code index: its mnemonic.
    public static String rcodeLabel(int rcodeIndex) {
        return Rcode.name(RCODES[rcodeIndex]);
    }
}
