package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.xbill.DNS.EDNSOption;

/// Requests about a {@link RandomZone} with and without EDNS and its options, and what tests of
/// responders compare.
final class RandomRequests {

    /// The apex of the zones that are asked about.
    static final Name APEX = Name.of("example.");

    private static final int REQUESTS = 150;
    private static final int OPTION_OCTETS_MAX = 44;
    private static final int DO = 0x8000;
    private static final int COOKIE = EDNSOption.Code.COOKIE;
    private static final int ZONEVERSION = 19;
    private static final int[] OPTIONS = {
        COOKIE,
        COOKIE,
        EDNSOption.Code.NSID,
        EDNSOption.Code.EDNS_EXPIRE,
        EDNSOption.Code.TCP_KEEPALIVE,
        ZONEVERSION
    };

    private RandomRequests() {}

    /// Somebody who asks, over UDP mostly.
    static Client client(SplittableRandom random) {
        Client client = new Client().at(random.nextLong(1L << 33));
        client = random.nextBoolean() ? client.ipv4(random.nextInt()) : client.ipv6(1, 2);
        return random.nextInt(8) == 0 ? client.tcp(random.nextInt(100)) : client.udp();
    }

    /// Messages about the random zone with a seed, some of them damaged.
    static List<byte[]> requests(long seed, SplittableRandom random) {
        RandomZone zone = new RandomZone(APEX, seed);
        List<byte[]> requests = new ArrayList<>();
        while (requests.size() < REQUESTS) {
            byte[] message = request(zone.question(), zone.type(), random);
            if (random.nextInt(4) == 0) {
                message[2 + random.nextInt(message.length - 2)] ^= (byte) (1 << random.nextInt(8));
            }
            requests.add(message);
        }
        return requests;
    }

    /// One of these messages. Some are asked for more often than others.
    static byte[] popular(List<byte[]> requests, SplittableRandom random) {
        return requests.get(random.nextInt(1 + random.nextInt(requests.size())));
    }

    private static byte[] request(Name name, int type, SplittableRandom random) {
        boolean edns = random.nextInt(4) > 0;
        ByteBuffer query = ByteBuffer.allocate(512);
        query.putInt(random.nextInt(2) << 8).putInt(1 << 16);
        query.putShort((short) 0).putShort((short) (edns ? 1 : 0));
        query.put(name.wire()).putShort((short) type).putShort((short) RecordClass.IN);
        if (edns) {
            int size = random.nextBoolean() ? Edns.UDP_SIZE : random.nextInt(0, 4_096);
            query.put((byte) 0).putShort((short) RecordType.OPT).putShort((short) size);
            query.putInt(random.nextBoolean() ? DO : 0);
            ByteBuffer options = options(random);
            query.putShort((short) options.remaining()).put(options);
        }
        // Trailing octets, now and then.
        query.put(new byte[random.nextInt(8) == 0 ? random.nextInt(20) : 0]);
        byte[] message = new byte[query.position()];
        query.get(0, message);
        return message;
    }

    /// Writes a query with the ID 0; returns its length.
    ///
    /// @param size of EDNS in octets, 0 for none
    static int write(MemorySegment request, Name name, int type, int size, int flags) {
        ByteBuffer query = request.asByteBuffer();
        boolean edns = size > 0;
        query.putLong(1L << 32 | 1L << 16).putShort((short) 0).putShort((short) (edns ? 1 : 0));
        query.put(name.wire()).putShort((short) type).putShort((short) RecordClass.IN);
        if (edns) {
            query.put((byte) 0).putShort((short) RecordType.OPT).putShort((short) size);
            query.putInt(flags).putShort((short) 0);
        }
        return query.position();
    }

    private static ByteBuffer options(SplittableRandom random) {
        ByteBuffer options = ByteBuffer.allocate(3 * OPTION_OCTETS_MAX);
        for (int i = random.nextInt(6) - 3; i > 0; i--) {
            int code = OPTIONS[random.nextInt(OPTIONS.length)];
            byte[] data = new byte[code == COOKIE ? 8 + 16 * random.nextInt(2) : 0];
            random.nextBytes(data);
            options.putShort((short) code).putShort((short) data.length).put(data);
        }
        return options.flip();
    }

    /// All that was counted, by what it counts.
    static Map<String, Long> counts(WorkerCounters counters) {
        Map<String, Long> counts = new TreeMap<>();
        for (int slot = 0; slot < WorkerCounters.SLOTS; slot++) {
            for (int type = 0; type < WorkerCounters.TYPE_COUNT; type++) {
                for (int rcode = 0; rcode < WorkerCounters.RCODE_COUNT; rcode++) {
                    for (Transport transport : Transport.values()) {
                        long count = counters.responses(slot, type, rcode, transport);
                        if (count > 0) {
                            counts.put(
                                    "zone %d, type %s, %s, %s"
                                            .formatted(
                                                    slot,
                                                    WorkerCounters.typeLabel(type),
                                                    WorkerCounters.rcodeLabel(rcode),
                                                    transport),
                                    count);
                        }
                    }
                }
            }
        }
        counts.put("dropped", counters.droppedCount());
        counts.put("truncated", counters.truncatedCount());
        counts.put("trailing octets", counters.trailingCount());
        for (String cookie : WorkerCounters.COOKIES) {
            int index = WorkerCounters.COOKIES.indexOf(cookie);
            counts.put(cookie + " cookies", counters.cookieCount(index));
        }
        for (String result : WorkerCounters.SIGNATURES) {
            int index = WorkerCounters.SIGNATURES.indexOf(result);
            counts.put(result + " signatures", counters.signatureCount(index));
        }
        return counts;
    }

    /// The first octets of some memory.
    static String hex(MemorySegment message, int length) {
        return HexFormat.of().formatHex(message.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
