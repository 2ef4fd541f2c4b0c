package org.anycastdns.server.zone.build;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.jspecify.annotations.Nullable;

/// The owner names of a zone as numbers from 0, found by their hash. A name is stored once, where
/// its first record has it; names outside the zone have no number.
///
/// ```
///   slots    hash -> owner + 1, open addressing
///   places   owner -> page and offset of its wire form among the octets of the records
/// ```
final class OwnerNames {

    /// No such name.
    static final int NONE = -1;

    /// Number of owners that are prefetched together in a zone with many records: more than the
    /// cache misses that a processor can have in flight.
    static final int AHEAD = 32;

    /// Maximum number of slots probed for a name; beyond it, another seed and a larger table are
    /// used. The author of a zone must not be able to make its names collide.
    private static final int STEPS_MAX = 128;

    /// Maximum number of names for which the table has initial room; it grows if there are more.
    private static final int EXPECTED_MAX = 1 << 26;

    private static final int SLOTS_MIN = 16;

    /// Length of a SHA-1 hash in base32hex; NSEC3 defines no other hash.
    static final int HASH_DIGITS = 32;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final Records records;
    private final Name apex;
    private final byte[] apexFolded;
    // Created on first lookup: many readers never need it, and there may be many zones.
    private @Nullable NameBuffer buffer;
    private long seed = GOLDEN_RATIO;
    private int[] slots;
    private long[] places;
    private int count;

    // Written by many threads and never read: it keeps the compiler from removing prefetch reads.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// Creates an empty table.
    ///
    /// @param records their octets contain the names
    /// @param expected a bound for the number of names
    OwnerNames(Records records, Name apex, int expected) {
        this.records = records;
        this.apex = apex;
        this.apexFolded = apex.folded();
        int room = Math.min(expected, EXPECTED_MAX);
        slots = new int[Math.max(SLOTS_MIN, Integer.highestOneBit(room) << 2)];
        places = new long[8];
    }

    /// Creates a view for one of several threads.
    private OwnerNames(OwnerNames all) {
        records = all.records;
        apex = all.apex;
        apexFolded = all.apexFolded;
        seed = all.seed;
        slots = all.slots;
        places = all.places;
        count = all.count;
    }

    /// Returns a view of these names for one of several threads; no name may be added meanwhile.
    OwnerNames reader() {
        return new OwnerNames(this);
    }

    /// Returns a window over owner names.
    ///
    /// @param size number of names that are looked up ahead
    Window window(int size) {
        return new Window(size);
    }

    /// The next owner names of a page, with their hashes. Their table slots are prefetched
    /// together, so that the processor fetches them in parallel.
    final class Window {
        private final @Nullable NameBuffer[] ahead;
        private long hashedWith;
        private Records.@Nullable Page page;
        private int from;
        private int end;

        Window(int size) {
            ahead = new @Nullable NameBuffer[size];
        }

        /// Returns the owner of a record that differs from the one before; records must be in
        /// order.
        NameBuffer name(Records.Page of, int record) {
            if (of != page || record < from || record >= end || hashedWith != seed) {
                page = of;
                from = record;
                end = Math.min(of.count(), record + ahead.length);
                hashedWith = seed;
                look(of);
            }
            return at(record);
        }

        private void look(Records.Page of) {
            int sum = 0;
            for (int i = from; i < end; i++) {
                if (i == from || of.owner(i) != of.owner(i - 1)) {
                    NameBuffer name = at(i);
                    name.set(of.octets(), of.owner(i));
                    if (isInZone(name)) {
                        hash(name);
                        sum += slots[slot(name.hash(0))];
                    }
                }
            }
            seen = sum;
        }

        private NameBuffer at(int record) {
            NameBuffer present = ahead[record % ahead.length];
            if (present == null) {
                present = new NameBuffer();
                ahead[record % ahead.length] = present;
            }
            return present;
        }
    }

    /// Returns the number of a name in the zone, and adds the name if it is new. Of several
    /// spellings, the lowest is kept.
    ///
    /// @param name has its hashes if it is in the zone
    int add(int page, int offset, NameBuffer name) {
        if (!isInZone(name)) {
            return NONE;
        }
        long at = (long) page << 32 | offset;
        int owner = find(name, 0);
        if (owner == NONE) {
            return append(at, name.hash(0));
        }
        spell(owner, at);
        return owner;
    }

    /// Keeps the lowest spelling of a name. Equal records thus give the same image, whatever their
    /// order and spelling.
    private void spell(int owner, long at) {
        byte[] present = octets(owner);
        byte[] other = records.page((int) (at >>> 32) << Records.PAGE_SHIFT).octets();
        int from = offset(owner);
        int to = (int) at;
        int length = length(owner);
        if (Arrays.compareUnsigned(other, to, to + length, present, from, from + length) < 0) {
            places[owner] = at;
        }
    }

    private int append(long at, long hash) {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
        }
        places[count] = at;
        if (3 * count > 2 * slots.length || !place(count, hash)) {
            grow(count + 1);
        }
        return count++;
    }

    private void grow(int owners) {
        boolean placed = false;
        while (!placed) {
            slots = new int[Math.multiplyExact(2, slots.length)];
            seed += GOLDEN_RATIO;
            placed = true;
            for (int i = 0; placed && i < owners; i++) {
                NameBuffer name = buffer();
                name.set(octets(i), offset(i));
                hash(name);
                placed = place(i, name.hash(0));
            }
        }
    }

    /// Puts an owner into a slot; returns false if all slots near its place are taken.
    private boolean place(int owner, long hash) {
        int slot = slot(hash);
        for (int steps = 0; slots[slot] != 0; steps++) {
            if (steps == STEPS_MAX) {
                return false;
            }
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = owner + 1;
        return true;
    }

    private NameBuffer buffer() {
        NameBuffer present = buffer;
        if (present == null) {
            present = new NameBuffer();
            buffer = present;
        }
        return present;
    }

    private int slot(long hash) {
        return (int) (hash ^ hash >>> 32) & slots.length - 1;
    }

    private void hash(NameBuffer of) {
        of.hash(seed, apex.labelCount(), Name.LABELS_MAX);
    }

    private boolean isInZone(NameBuffer of) {
        int dropped = of.labelCount() - apex.labelCount();
        return dropped >= 0 && of.equals(dropped, apexFolded);
    }

    /// Returns the owner for a hashed name without its first labels, or {@link #NONE}.
    private int find(NameBuffer of, int dropped) {
        int slot = slot(of.hash(dropped));
        int length = of.length() - of.start(dropped);
        while (slots[slot] != 0) {
            int owner = slots[slot] - 1;
            if (sameAs(owner, of.folded(), of.start(dropped), length)) {
                return owner;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return NONE;
    }

    private boolean sameAs(int owner, byte[] folded, int from, int length) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        if (octets.length - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Name.fold(octets[at + i]) != folded[from + i]) {
                return false;
            }
        }
        return true;
    }

    /// Returns the owner with a name, or {@link #NONE}.
    int find(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        if (!isInZone(name)) {
            return NONE;
        }
        hash(name);
        return find(name, 0);
    }

    /// Returns whether a name is at or below the apex.
    boolean isInZone(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        return isInZone(name);
    }

    /// Returns the nearest existing ancestor of a name, which itself may not exist. Returns {@link
    /// #NONE} if there is none, or if the name is the apex or outside the zone.
    int findAbove(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        int above = NONE;
        if (isInZone(name)) {
            hash(name);
            int labels = name.labelCount() - apex.labelCount();
            for (int i = 1; i <= labels && above == NONE; i++) {
                above = find(name, i);
            }
        }
        return above;
    }

    /// Gives all names other numbers.
    ///
    /// @param order the present numbers, in the order of the new ones
    /// @return the new number of each present one
    int[] renumber(int[] order) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[order[i]] = i;
        }
        long[] oldPlaces = places;
        places = new long[count];
        Arrays.setAll(places, i -> oldPlaces[order[i]]);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slots[i] == 0 ? 0 : numbers[slots[i] - 1] + 1;
        }
        return numbers;
    }

    /// Adds an empty non-terminal between an owner and the apex.
    ///
    /// @param dropped number of leftmost labels of the owner that it lacks, at least 1
    int addEmptyNonTerminal(int owner, int dropped) {
        long at = places[owner] + endingStart(owner, dropped);
        NameBuffer name = buffer();
        name.set(octets(owner), (int) at);
        hash(name);
        return append(at, name.hash(0));
    }

    /// Returns the owner with another owner's name without its first labels, or {@link #NONE}.
    int findEnding(int owner, int dropped) {
        return find(octets(owner), offset(owner) + endingStart(owner, dropped));
    }

    /// Offers an owner's spelling of an empty non-terminal above it.
    void spellEmptyNonTerminal(int emptyNonTerminal, int owner) {
        int dropped = labelCount(owner) - labelCount(emptyNonTerminal);
        spell(emptyNonTerminal, places[owner] + endingStart(owner, dropped));
    }

    private int endingStart(int owner, int dropped) {
        byte[] octets = octets(owner);
        int start = offset(owner);
        int at = start;
        for (int i = 0; i < dropped; i++) {
            at += octets[at] + 1;
        }
        return at - start;
    }

    /// Returns the number of labels that two owners share, not counting the root.
    int commonLabels(int owner, int other) {
        byte[] octets = octets(owner);
        byte[] others = octets(other);
        int at = offset(owner);
        int there = offset(other);
        int more = labelCount(owner) - labelCount(other);
        for (; more > 0; more--) {
            at += octets[at] + 1;
        }
        for (; more < 0; more++) {
            there += others[there] + 1;
        }
        int common = 0;
        while (octets[at] != 0) {
            int end = at + octets[at] + 1;
            int theirEnd = there + others[there] + 1;
            boolean same = end - at == theirEnd - there;
            for (int i = 1; same && i < end - at; i++) {
                same = Name.fold(octets[at + i]) == Name.fold(others[there + i]);
            }
            common = same ? common + 1 : 0;
            at = end;
            there = theirEnd;
        }
        return common;
    }

    /// Prefetches the next names together, because they are scattered in memory; the processor
    /// fetches them in parallel. It has no other effect.
    ///
    /// @param order owners in the order in which they are processed
    /// @param from index of the next owner; every {@link #AHEAD} owners, the next {@link #AHEAD}
    ///   are prefetched
    void lookAt(int[] order, int from) {
        if (from % AHEAD != 0) {
            return;
        }
        int sum = 0;
        for (int i = from; i < Math.min(order.length, from + AHEAD); i++) {
            sum += look(order[i]);
        }
        seen = sum;
    }

    /// Reads the first octet of an owner's name.
    int look(int owner) {
        return octets(owner)[offset(owner)];
    }

    /// Returns the number of names.
    int count() {
        return count;
    }

    /// Returns the apex, or {@link #NONE}.
    int apex() {
        return find(apex.wire(), 0);
    }

    /// Returns the number of labels of an owner's name, not counting the root.
    int labelCount(int owner) {
        byte[] octets = octets(owner);
        int labels = 0;
        for (int at = offset(owner); octets[at] != 0; at += octets[at] + 1) {
            labels++;
        }
        return labels;
    }

    /// Returns the octets that contain an owner's name, as spelled.
    byte[] octets(int owner) {
        return records.page((int) (places[owner] >>> 32) << Records.PAGE_SHIFT).octets();
    }

    /// Returns the offset of an owner's name in its {@link #octets}.
    int offset(int owner) {
        return (int) places[owner];
    }

    /// Returns the length of an owner's name in octets.
    int length(int owner) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        while (octets[at] != 0) {
            at += octets[at] + 1;
        }
        return at + 1 - offset(owner);
    }

    /// Returns an owner's name.
    Name name(int owner) {
        return Name.read(octets(owner), offset(owner));
    }

    /// Returns whether the leftmost label is "*".
    boolean isWildcard(int owner) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        return octets[at] == 1 && octets[at + 1] == '*';
    }

    /// Returns whether a name consists of an NSEC3 hash and the apex. The hash is a label with 32
    /// digits of base32hex (RFC 5155 section 3).
    boolean isHash(int owner) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        if (octets[at] != HASH_DIGITS || labelCount(owner) != apex.labelCount() + 1) {
            return false;
        }
        for (int i = at + 1; i <= at + HASH_DIGITS; i++) {
            int digit = Name.fold(octets[i]);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'v')) {
                return false;
            }
        }
        return true;
    }

    /// Returns the nearest existing ancestor of an owner.
    int above(int owner) {
        return findAbove(octets(owner), offset(owner));
    }
}
