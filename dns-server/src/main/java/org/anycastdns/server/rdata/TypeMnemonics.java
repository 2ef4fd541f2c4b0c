package org.anycastdns.server.rdata;

import java.nio.charset.StandardCharsets;
import org.anycastdns.server.wire.RecordType;

/// Finds record types by the octets of their mnemonics, without creating a string. It is an
/// open-addressing hash table; each key is a mnemonic in upper case, packed into one number.
public final class TypeMnemonics {

    private static final int SLOT_BITS = 9;
    private static final long[] KEYS = new long[1 << SLOT_BITS];
    private static final char[] NUMBERS = new char[1 << SLOT_BITS];

    static {
        for (int type : RecordTypes.types()) {
            byte[] text = RecordType.name(type).getBytes(StandardCharsets.US_ASCII);
            if (text.length <= Long.BYTES) {
                long key = key(text, 0, text.length);
                int slot = slot(key);
                while (KEYS[slot] != 0) {
                    slot = slot + 1 & KEYS.length - 1;
                }
                KEYS[slot] = key;
                NUMBERS[slot] = (char) type;
            }
        }
    }

    private TypeMnemonics() {}

    /// Returns the number of a type by its mnemonic, or 0 for any other word. Finds types that have
    /// a row in the table and a mnemonic of at most eight octets.
    ///
    /// @param from where the word starts
    /// @param to where the word ends
    public static int find(byte[] text, int from, int to) {
        if (to - from > Long.BYTES || to == from) {
            return 0;
        }
        long key = key(text, from, to);
        int slot = slot(key);
        while (KEYS[slot] != 0) {
            if (KEYS[slot] == key) {
                return NUMBERS[slot];
            }
            slot = slot + 1 & KEYS.length - 1;
        }
        return 0;
    }

    private static long key(byte[] text, int from, int to) {
        long key = 0;
        for (int i = from; i < to; i++) {
            byte c = text[i];
            int folded = c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c & 0xff;
            key = (key << 8) | folded;
        }
        return key;
    }

    private static int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> (64 - SLOT_BITS));
    }
}
