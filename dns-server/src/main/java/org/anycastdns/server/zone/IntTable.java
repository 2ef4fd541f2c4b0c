package org.anycastdns.server.zone;

/// A map from numbers of at least 0 to numbers, for readers without locks: it is filled before it
/// is shared and does not change afterwards.
public final class IntTable {

    /// The map without entries; never filled.
    public static final IntTable EMPTY = new IntTable(1);

    private static final int MULTIPLIER = 0x9E37_79B9;
    private static final int SLOTS_MIN = 16;

    // A slot that is not taken has key 0; keys are stored plus one.
    private int[] keys;
    private int[] values;
    private int size;

    private IntTable(int slots) {
        keys = new int[slots];
        values = new int[slots];
    }

    /// Returns a copy, which may be filled until it is shared.
    public IntTable copy() {
        IntTable copy = new IntTable(0);
        boolean small = keys.length < SLOTS_MIN;
        copy.keys = small ? new int[SLOTS_MIN] : keys.clone();
        copy.values = small ? new int[SLOTS_MIN] : values.clone();
        copy.size = size;
        return copy;
    }

    /// Returns whether there are no entries.
    public boolean isEmpty() {
        return size == 0;
    }

    /// Returns the number of entries.
    public int size() {
        return size;
    }

    /// Returns the value of a key, or a number of the caller if there is none.
    public int get(int key, int otherwise) {
        int slot = slot(key, keys.length);
        while (keys[slot] != 0) {
            if (keys[slot] == key + 1) {
                return values[slot];
            }
            slot = slot + 1 & keys.length - 1;
        }
        return otherwise;
    }

    /// Sets the value of a key.
    public void put(int key, int value) {
        if (2 * size >= keys.length) {
            grow();
        }
        int slot = slot(key, keys.length);
        while (keys[slot] != 0 && keys[slot] != key + 1) {
            slot = slot + 1 & keys.length - 1;
        }
        size += keys[slot] == 0 ? 1 : 0;
        keys[slot] = key + 1;
        values[slot] = value;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldValues = values;
        keys = new int[2 * oldKeys.length];
        values = new int[keys.length];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i] - 1, oldValues[i]);
            }
        }
    }

    private static int slot(int key, int slots) {
        int mixed = key * MULTIPLIER;
        return (mixed ^ mixed >>> 15) & slots - 1;
    }
}
