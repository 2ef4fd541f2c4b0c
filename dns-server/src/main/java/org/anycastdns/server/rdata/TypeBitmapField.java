package org.anycastdns.server.rdata;

import java.util.BitSet;
import org.anycastdns.server.wire.RecordType;

/// Record types up to the end of the data, as blocks of bits (RFC 4034 section 4.1.2).
final class TypeBitmapField extends Field {

    private static final int BLOCK_OCTETS_MAX = 32;
    private static final int TYPES_OF_BLOCK = 256;
    private static final String EXPECTED = "a record type";

    @Override
    boolean read(RdataReader in) {
        // A fast path: signers write the types in ascending order, so each bit goes to the end of
        // the data.
        int start = in.end();
        int block = -1;
        int blockStart = start;
        while (in.more()) {
            int type = in.type();
            if (type < 0) {
                return in.expected(EXPECTED);
            }
            if (type / TYPES_OF_BLOCK < block) {
                return readInAnyOrder(in, start, type);
            }
            if (type / TYPES_OF_BLOCK > block) {
                block = type / TYPES_OF_BLOCK;
                blockStart = in.end();
                in.put(block << 8, 2);
            }
            set(in, blockStart, type % TYPES_OF_BLOCK);
        }
        return true;
    }

    /// Continues after a type whose block is lower than that of an earlier type.
    private boolean readInAnyOrder(RdataReader in, int start, int next) {
        BitSet types = new BitSet();
        for (int at = start; at < in.end(); at += 2 + in.octet(at + 1)) {
            for (int bit = 0; bit < 8 * in.octet(at + 1); bit++) {
                boolean has = (in.octet(at + 2 + bit / 8) & 0x80 >> bit % 8) != 0;
                types.set(in.octet(at) * TYPES_OF_BLOCK + bit, has);
            }
        }
        in.end(start);
        for (int type = next; type >= 0; type = in.more() ? in.type() : -1) {
            types.set(type);
        }
        if (in.more()) {
            return in.expected(EXPECTED);
        }
        int blockStart = start;
        for (int type = types.nextSetBit(0); type >= 0; type = types.nextSetBit(type + 1)) {
            int block = type / TYPES_OF_BLOCK;
            if (in.end() == start || in.octet(blockStart) != block) {
                blockStart = in.end();
                in.put(block << 8, 2);
            }
            set(in, blockStart, type % TYPES_OF_BLOCK);
        }
        return true;
    }

    private static void set(RdataReader in, int blockStart, int bit) {
        int length = in.octet(blockStart + 1);
        int octet = bit / 8;
        if (octet >= length) {
            in.put(0, octet + 1 - length);
            in.octet(blockStart + 1, octet + 1);
        }
        int at = blockStart + 2 + octet;
        in.octet(at, in.octet(at) | 0x80 >> bit % 8);
    }

    @Override
    boolean check(RdataOctets in) {
        int block = -1;
        while (in.left() > 0) {
            if (!in.has(2)) {
                return false;
            }
            int number = in.next();
            int length = in.next();
            if (number <= block || length == 0 || length > BLOCK_OCTETS_MAX) {
                return in.refuse("the blocks of types are out of order or of a wrong length");
            }
            block = number;
            if (!in.has(length)) {
                return false;
            }
            if (in.peek(length - 1) == 0) {
                return in.refuse("a block of types ends with an octet of zero");
            }
            in.skip(length);
        }
        return true;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        while (in.left() > 0) {
            int block = in.next();
            int length = in.next();
            types(in, block * TYPES_OF_BLOCK, length, to);
        }
    }

    /// Writes the types of a bitmap of `octets` octets, and moves past it.
    static void types(RdataOctets in, int first, int octets, StringBuilder to) {
        for (int i = 0; i < octets; i++) {
            int bits = in.next();
            for (int bit = 0; bit < 8; bit++) {
                if ((bits & 0x80 >> bit) != 0) {
                    to.append(' ').append(RecordType.name(first + 8 * i + bit));
                }
            }
        }
    }
}
