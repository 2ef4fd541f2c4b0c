package org.anycastdns.server.serve;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// Draws the data of records, and types to ask for.
///
/// @param random what everything is drawn from
/// @param names draws the names in the data
/// @param textMax how long a text may become, in octets
record RandomRdata(SplittableRandom random, Supplier<Name> names, int textMax) {

    /// Larger than any data that is drawn.
    private static final int ROOM = 1_000;

    private static final int[] RARE_QUESTIONS = {
        RecordType.SOA, RecordType.ANY, RecordType.RRSIG, RecordType.NSEC, RecordType.NSEC3PARAM
    };

    /// Draws data of a type.
    byte[] of(int type) {
        ByteBuffer rdata = ByteBuffer.allocate(ROOM);
        switch (type) {
            case RecordType.A -> rdata.putInt(random.nextInt());
            case RecordType.AAAA -> rdata.putLong(random.nextLong()).putLong(random.nextLong());
            case RecordType.MX -> rdata.putShort((short) random.nextInt(9)).put(names.get().wire());
            case RecordType.SRV ->
                    rdata.putInt(random.nextInt()).putShort((short) 53).put(names.get().wire());
            case RecordType.HTTPS ->
                    rdata.putShort((short) random.nextInt(2))
                            .put((random.nextBoolean() ? Name.ROOT : names.get()).wire());
            case RecordType.TXT, RecordType.DS -> {
                byte[] text = new byte[random.nextInt(4, textMax)];
                random.nextBytes(text);
                text[0] = (byte) (text.length - 1);
                rdata.put(text);
            }
            default -> rdata.put(names.get().wire());
        }
        return octets(rdata);
    }

    /// Returns what has been written into a buffer.
    static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.position()];
        buffer.flip().get(octets);
        return octets;
    }

    /// Draws a type to ask for: mostly one of some.
    int question(int... types) {
        return random.nextInt(6) == 0
                ? RARE_QUESTIONS[random.nextInt(RARE_QUESTIONS.length)]
                : types[random.nextInt(types.length)];
    }
}
