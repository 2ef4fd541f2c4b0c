package org.anycastdns.server.transfer.message;

import java.util.Arrays;
import org.anycastdns.server.wire.MessageWriter;

/// The names in a message that pointers may lead to (RFC 1035 section 4.1.4), found by the hash of
/// each suffix. A name is replaced only by one of the same spelling.
final class CompressionTable {

    /// The two bits that begin a pointer.
    static final int POINTER = 0xc000;

    /// Slots of the table; a power of two with room for the suffixes of a message of 16 KiB. When
    /// it is half full, further names are only found and not remembered.
    private static final int SLOTS = 4_096;

    /// Names of 255 octets have 127 labels at most.
    private static final int LABELS_MAX = 127;

    private static final int TARGET_BITS = 14;

    /// Spreads the hash, whose low bits come from the last octets.
    private static final int SPREAD = 0x9e3779b1;

    private final byte[] message;
    // The upper bits of the hash, and the offset in the message; 0 is free, since no name is there.
    private final int[] slots = new int[SLOTS];
    private final int[] labels = new int[LABELS_MAX + 1];
    private final int[] hashes = new int[LABELS_MAX];
    private int used;

    /// @param message where names are written
    CompressionTable(byte[] message) {
        this.message = message;
    }

    /// Forgets all names.
    void clear() {
        if (used > 0) {
            Arrays.fill(slots, 0);
            used = 0;
        }
    }

    /// Writes a name.
    ///
    /// @param wire has the name at an offset, trusted and uncompressed
    /// @param at where to write
    /// @param end the end of the room
    /// @return the octets written; -1 if they do not fit
    int write(byte[] wire, int from, int at, int end) {
        int count = labels(wire, from);
        int literal = 0;
        int pointer = 0;
        while (literal < count && pointer == 0) {
            pointer = find(hashes[literal], wire, labels[literal]);
            literal += pointer == 0 ? 1 : 0;
        }
        int octets = (literal == count ? labels[count] + 1 : labels[literal]) - from;
        if (end - at < octets + (pointer == 0 ? 0 : Short.BYTES)) {
            return -1;
        }
        System.arraycopy(wire, from, message, at, octets);
        for (int i = 0; i < literal; i++) {
            remember(hashes[i], at + labels[i] - from);
        }
        if (pointer == 0) {
            return octets;
        }
        message[at + octets] = (byte) ((POINTER | pointer) >> Byte.SIZE);
        message[at + octets + 1] = (byte) pointer;
        return octets + Short.BYTES;
    }

    /// Notes where the labels of a name begin, the root last, and the hashes of its suffixes.
    ///
    /// @return how many labels there are, without the root
    private int labels(byte[] wire, int from) {
        int count = 0;
        int at = from;
        while (wire[at] != 0) {
            labels[count++] = at;
            at += wire[at] + 1;
        }
        labels[count] = at;
        int hash = 0;
        for (int i = count - 1; i >= 0; i--) {
            for (int j = labels[i]; j < labels[i + 1]; j++) {
                hash = 31 * hash + wire[j];
            }
            hashes[i] = hash * SPREAD;
        }
        return count;
    }

    /// Returns the offset in the message of a suffix with the same spelling, or 0.
    private int find(int hash, byte[] wire, int from) {
        int i = hash >>> (Integer.SIZE - 12);
        for (int slot = slots[i]; slot != 0; slot = slots[i]) {
            if ((slot ^ (hash << TARGET_BITS)) >>> TARGET_BITS == 0
                    && isAt(slot & MessageWriter.POINTER_TARGET_MAX, wire, from)) {
                return slot & MessageWriter.POINTER_TARGET_MAX;
            }
            i = (i + 1) & (SLOTS - 1);
        }
        return 0;
    }

    private void remember(int hash, int target) {
        if (target > MessageWriter.POINTER_TARGET_MAX || used >= SLOTS / 2) {
            return;
        }
        int i = hash >>> (Integer.SIZE - 12);
        while (slots[i] != 0) {
            i = (i + 1) & (SLOTS - 1);
        }
        slots[i] = (hash << TARGET_BITS) | target;
        used++;
    }

    private boolean isAt(int target, byte[] wire, int from) {
        int there = target;
        int at = from;
        while (true) {
            int size = message[there];
            if (size < 0) {
                there =
                        ((message[there] << Byte.SIZE) | (message[there + 1] & 0xff))
                                & MessageWriter.POINTER_TARGET_MAX;
                continue;
            }
            if (!Arrays.equals(message, there, there + size + 1, wire, at, at + size + 1)) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            at += size + 1;
            there += size + 1;
        }
    }
}
