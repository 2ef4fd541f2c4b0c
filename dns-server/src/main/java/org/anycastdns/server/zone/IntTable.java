package org.anycastdns.server.zone;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// A map from numbers of at least 0 to numbers, for readers without locks. A version is filled
/// before it is shared and does not change afterwards. The next version shares all pages in which
/// nothing changes, so that its cost depends on the change and hardly on the size of the map.
///
/// ```
///   slot of a key: its hash, or the next free slot
///   slot -> page, by the high bits -> key and value, by the low bits
/// ```
public final class IntTable {

    /// Slots of a page, in bits. Smaller pages cost less to copy, but there are more of them.
    private static final int PAGE_BITS = 6;

    private static final int PAGE_SLOTS = 1 << PAGE_BITS;
    private static final int MULTIPLIER = 0x9E37_79B9;

    /// The map without entries; never filled.
    public static final IntTable EMPTY = new IntTable(new int[1][2 * PAGE_SLOTS], 0);

    // A slot that is not taken has key 0; keys are stored plus one.
    private int[][] pages;
    private int size;

    /// Which pages no other version has.
    private boolean[] own;

    private IntTable(int[][] pages, int size) {
        this.pages = pages;
        this.size = size;
        own = new boolean[pages.length];
    }

    /// Returns the next version, which may be filled until it is shared.
    public IntTable copy() {
        return new IntTable(pages.clone(), size);
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
        int slots = pages.length << PAGE_BITS;
        for (int slot = slot(key, slots); ; slot = slot + 1 & slots - 1) {
            int[] page = pages[slot >>> PAGE_BITS];
            int at = 2 * (slot & PAGE_SLOTS - 1);
            if (page[at] == key + 1) {
                return page[at + 1];
            }
            if (page[at] == 0) {
                return otherwise;
            }
        }
    }

    /// Sets the value of a key.
    public void put(int key, int value) {
        if (2 * size >= pages.length << PAGE_BITS) {
            grow();
        }
        int slots = pages.length << PAGE_BITS;
        int slot = slot(key, slots);
        while (key(slot) != 0 && key(slot) != key + 1) {
            slot = slot + 1 & slots - 1;
        }
        int number = slot >>> PAGE_BITS;
        if (!own[number]) {
            pages[number] = pages[number].clone();
            own[number] = true;
        }
        int at = 2 * (slot & PAGE_SLOTS - 1);
        size += pages[number][at] == 0 ? 1 : 0;
        pages[number][at] = key + 1;
        pages[number][at + 1] = value;
    }

    private int key(int slot) {
        return pages[slot >>> PAGE_BITS][2 * (slot & PAGE_SLOTS - 1)];
    }

    /// Gives all values, in no order.
    public void forEachValue(IntConsumer to) {
        for (int[] page : pages) {
            for (int at = 0; at < page.length; at += 2) {
                if (page[at] != 0) {
                    to.accept(page[at + 1]);
                }
            }
        }
    }

    private void grow() {
        int[][] old = pages;
        pages = new int[2 * old.length][2 * PAGE_SLOTS];
        own = new boolean[pages.length];
        Arrays.fill(own, true);
        size = 0;
        for (int[] page : old) {
            for (int at = 0; at < page.length; at += 2) {
                if (page[at] != 0) {
                    put(page[at] - 1, page[at + 1]);
                }
            }
        }
    }

    private static int slot(int key, int slots) {
        int mixed = key * MULTIPLIER;
        return (mixed ^ mixed >>> 15) & slots - 1;
    }
}
