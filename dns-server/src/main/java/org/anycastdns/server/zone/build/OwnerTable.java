package org.anycastdns.server.zone.build;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.ParallelRunner;
import org.jspecify.annotations.Nullable;

/// The records of a zone by owner name. Owners are numbers from 0 in order of their first records;
/// empty non-terminals follow once they are added. Names outside the zone are not included.
///
/// All data is in arrays of numbers, because a zone may have millions of names:
///
/// ```
///   slots    hash -> owner + 1, open addressing
///   names    owner -> page and offset of its wire form among the octets of the records
///   starts   owner -> start of its records in `grouped`; they end where the next owner's begin
///   grouped  records by owner
///   hosts    for each record in `grouped`: the owner that it names as a host
/// ```
public final class OwnerTable {

    /// No such name.
    public static final int NONE = -1;

    /// Maximum number of slots probed for a name; beyond it, another seed and a larger table are
    /// used. The author of a zone must not be able to make its names collide.
    private static final int STEPS_MAX = 128;

    /// Maximum number of names for which the table has initial room; it grows if there are more.
    private static final int RUNS_MAX = 1 << 26;

    /// Number of records whose hosts one task looks up.
    private static final int PART = 1 << 14;

    /// Number of owners that are prefetched together in a zone with many records: more than the
    /// cache misses that a processor can have in flight.
    private static final int AHEAD = 32;

    /// Minimum number of records of a zone that does not fit into the caches.
    private static final int MANY = 1 << 16;

    /// Maximum number of records that are sorted by insertion.
    private static final int FEW = 32;

    /// Length of a SHA-1 hash in base32hex; NSEC3 defines no other hash.
    private static final int HASH_DIGITS = 32;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final Records records;
    private final Name apex;
    private final byte[] apexFolded;
    // Created on first lookup: many readers never need it, and there may be many zones.
    private @Nullable NameBuffer buffer;
    private long seed = GOLDEN_RATIO;
    private int[] slots = new int[16];
    private long[] names = new long[8];
    private int[] starts = new int[0];
    private int[] grouped = new int[0];
    private int[] hosts = new int[0];
    private int[] outside = new int[0];
    private int withRecords;

    // Written by many threads and never read: it keeps the compiler from removing prefetch reads.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    private int count;

    private OwnerTable(Records records, Name apex) {
        this.records = records;
        this.apex = apex;
        this.apexFolded = apex.folded();
    }

    /// Groups records by owner.
    ///
    /// @param runner works on many records in parallel
    public static OwnerTable of(Records records, Name apex, ParallelRunner runner) {
        OwnerTable owners = new OwnerTable(records, apex);
        owners.group();
        owners.findHosts(runner);
        return owners;
    }

    /// Returns the number of runs of records with one owner, a bound for the number of names.
    private int runs() {
        int runs = 0;
        for (int i = 0; i < records.pageCount(); i++) {
            Records.Page page = records.page(i << Records.PAGE_SHIFT);
            for (int j = 0; j < page.count(); j++) {
                runs += j > 0 && page.owner(j) == page.owner(j - 1) ? 0 : 1;
            }
        }
        return Math.min(runs, RUNS_MAX);
    }

    private void group() {
        int[][] owners = new int[records.pageCount()][];
        slots = new int[Math.max(slots.length, Integer.highestOneBit(runs()) << 2)];
        int outsideCount = 0;
        int[] sizes = new int[8];
        Window window = new Window(records.size() < MANY ? 1 : AHEAD);
        for (int i = 0; i < owners.length; i++) {
            Records.Page page = records.page(i << Records.PAGE_SHIFT);
            int[] ofPage = new int[page.count()];
            owners[i] = ofPage;
            for (int j = 0; j < page.count(); j++) {
                boolean same = j > 0 && page.owner(j) == page.owner(j - 1);
                int owner = same ? ofPage[j - 1] : add(i, page.owner(j), window.name(page, j));
                ofPage[j] = owner;
                if (owner == NONE) {
                    outsideCount++;
                    continue;
                }
                if (owner >= sizes.length) {
                    sizes = Arrays.copyOf(sizes, Math.max(owner + 1, 2 * sizes.length));
                }
                sizes[owner]++;
            }
        }
        withRecords = count;
        starts = new int[count + 1];
        for (int i = 0; i < count; i++) {
            starts[i + 1] = starts[i] + sizes[i];
        }
        grouped = new int[starts[count]];
        outside = new int[outsideCount];
        int[] next = Arrays.copyOf(starts, count);
        int nextOutside = 0;
        for (int i = 0; i < owners.length; i++) {
            for (int j = 0; j < owners[i].length; j++) {
                int owner = owners[i][j];
                int record = i << Records.PAGE_SHIFT | j;
                if (owner == NONE) {
                    outside[nextOutside++] = record;
                } else {
                    grouped[next[owner]++] = record;
                }
            }
        }
    }

    private void findHosts(ParallelRunner runner) {
        hosts = new int[grouped.length];
        int parts = (grouped.length + PART - 1) / PART;
        runner.each(parts, part -> reader(parts).findHosts(part * PART));
    }

    private void findHosts(int from) {
        for (int i = from; i < Math.min(grouped.length, from + PART); i++) {
            int record = grouped[i];
            int offset = RdataNames.hostOffset(records.type(record));
            hosts[i] =
                    offset < 0
                            ? NONE
                            : find(records.octets(record), records.rdataOffset(record) + offset);
        }
    }

    /// The next owner names of a page, with their hashes. Their table slots are prefetched
    /// together, so that the processor fetches them in parallel.
    private final class Window {
        private final @Nullable NameBuffer[] names;
        private long hashedWith;
        private Records.@Nullable Page page;
        private int from;
        private int end;

        Window(int size) {
            names = new @Nullable NameBuffer[size];
        }

        /// Returns the owner of a record that differs from the one before; records must be in
        /// order.
        NameBuffer name(Records.Page of, int record) {
            if (of != page || record < from || record >= end || hashedWith != seed) {
                page = of;
                from = record;
                end = Math.min(of.count(), record + names.length);
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
            NameBuffer present = names[record % names.length];
            if (present == null) {
                present = new NameBuffer();
                names[record % names.length] = present;
            }
            return present;
        }
    }

    /// Returns the number of a name in the zone, and adds the name if it is new. Of several
    /// spellings, the lowest is kept.
    ///
    /// @param name has its hashes if it is in the zone
    private int add(int page, int offset, NameBuffer name) {
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
            names[owner] = at;
        }
    }

    private int append(long at, long hash) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
        }
        names[count] = at;
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
    public int find(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        if (!isInZone(name)) {
            return NONE;
        }
        hash(name);
        return find(name, 0);
    }

    /// Returns whether a name is at or below the apex.
    public boolean isInZone(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        return isInZone(name);
    }

    /// Returns the nearest existing ancestor of a name, which itself may not exist. Returns {@link
    /// #NONE} if there is none, or if the name is the apex or outside the zone.
    public int findAbove(byte[] wire, int offset) {
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

    /// Removes records that must not be served, before owners are renumbered. The first record of
    /// each owner must stay.
    ///
    /// @param places indexes of the records in their groups, ascending
    public void drop(int[] places) {
        if (places.length == 0) {
            return;
        }
        int next = 0;
        int dropped = 0;
        for (int owner = 0; owner < withRecords; owner++) {
            int from = starts[owner];
            starts[owner] = next;
            for (int i = from; i < starts[owner + 1]; i++) {
                if (dropped < places.length && places[dropped] == i) {
                    dropped++;
                } else {
                    grouped[next] = grouped[i];
                    hosts[next++] = hosts[i];
                }
            }
        }
        starts[withRecords] = next;
        grouped = Arrays.copyOf(grouped, next);
        hosts = Arrays.copyOf(hosts, next);
    }

    /// Renumbers the owners and moves their records accordingly; may be called only once, before
    /// empty non-terminals are added.
    ///
    /// @param order the present numbers, in the order of the new ones
    /// @throws IllegalStateException if there are empty non-terminals
    void renumber(int[] order) {
        if (order.length != count) {
            throw new IllegalStateException("the names have their final numbers already");
        }
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[order[i]] = i;
        }
        long[] oldNames = names;
        names = new long[count];
        Arrays.setAll(names, i -> oldNames[order[i]]);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slots[i] == 0 ? 0 : numbers[slots[i] - 1] + 1;
        }
        int[] oldStarts = starts;
        int[] oldGrouped = grouped;
        int[] oldHosts = hosts;
        starts = new int[count + 1];
        grouped = new int[oldGrouped.length];
        hosts = new int[oldHosts.length];
        int next = 0;
        for (int i = 0; i < count; i++) {
            for (int j = oldStarts[order[i]]; j < oldStarts[order[i] + 1]; j++) {
                grouped[next] = oldGrouped[j];
                hosts[next++] = oldHosts[j] == NONE ? NONE : numbers[oldHosts[j]];
            }
            starts[i + 1] = next;
        }
    }

    /// Sorts the records of an owner by type and RDATA.
    void sort(int owner) {
        int from = start(owner);
        int to = end(owner);
        if (to - from > FEW) {
            sortMany(from, to);
            return;
        }
        for (int i = from + 1; i < to; i++) {
            int record = grouped[i];
            int host = hosts[i];
            int at = i;
            for (; at > from && compare(grouped[at - 1], record) > 0; at--) {
                grouped[at] = grouped[at - 1];
                hosts[at] = hosts[at - 1];
            }
            grouped[at] = record;
            hosts[at] = host;
        }
    }

    private void sortMany(int from, int to) {
        int[] order =
                IntStream.range(from, to)
                        .boxed()
                        .sorted((a, b) -> compare(grouped[a], grouped[b]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        int[] ofRecords = IntStream.of(order).map(i -> grouped[i]).toArray();
        int[] ofHosts = IntStream.of(order).map(i -> hosts[i]).toArray();
        System.arraycopy(ofRecords, 0, grouped, from, to - from);
        System.arraycopy(ofHosts, 0, hosts, from, to - from);
    }

    private int compare(int a, int b) {
        int order = Integer.compare(records.type(a), records.type(b));
        return order == 0 ? records.compareRdata(a, b) : order;
    }

    /// Adds an empty non-terminal between an owner and the apex.
    ///
    /// @param dropped number of leftmost labels of the owner that it lacks, at least 1
    int addEmptyNonTerminal(int owner, int dropped) {
        long at = names[owner] + endingStart(owner, dropped);
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
        spell(emptyNonTerminal, names[owner] + endingStart(owner, dropped));
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

    /// Prefetches the names and records of the next owners together, because they are scattered in
    /// memory; the processor fetches them in parallel. It has no other effect.
    ///
    /// @param order owners in the order in which they are processed
    /// @param from index of the next owner; every {@link #AHEAD} owners, the next {@link #AHEAD}
    ///   are prefetched
    void lookAt(int[] order, int from) {
        look(order, from, true);
    }

    /// Prefetches only names, like {@link #lookAt(int[], int)}.
    void lookAtNames(int[] order, int from) {
        look(order, from, false);
    }

    private void look(int[] order, int from, boolean atRecords) {
        if (from % AHEAD != 0) {
            return;
        }
        int sum = 0;
        for (int i = from; i < Math.min(order.length, from + AHEAD); i++) {
            sum += atRecords ? look(order[i]) : lookAtName(order[i]);
        }
        seen = sum;
    }

    /// Prefetches owners that are processed in numeric order, like {@link #lookAt(int[], int)}.
    void lookAt(int first) {
        if (first % AHEAD != 0) {
            return;
        }
        int sum = 0;
        for (int owner = first; owner < Math.min(count, first + AHEAD); owner++) {
            sum += look(owner);
        }
        seen = sum;
    }

    private int lookAtName(int owner) {
        return octets(owner)[offset(owner)];
    }

    private int look(int owner) {
        int sum = lookAtName(owner);
        for (int i = start(owner); i < end(owner); i++) {
            byte[] octets = records.octets(grouped[i]);
            // Empty RDATA (RFC 3597 section 5) may begin at the end of the octets.
            sum += octets[Math.min(records.rdataOffset(grouped[i]), octets.length - 1)];
        }
        return sum;
    }

    /// Returns a view of these owners for one of several threads; no owner may be added meanwhile.
    ///
    /// @param readers number of threads; one alone gets this object, since there may be many zones
    public OwnerTable reader(int readers) {
        if (readers <= 1) {
            return this;
        }
        OwnerTable reader = new OwnerTable(records, apex);
        reader.seed = seed;
        reader.slots = slots;
        reader.names = names;
        reader.starts = starts;
        reader.grouped = grouped;
        reader.hosts = hosts;
        reader.withRecords = withRecords;
        reader.count = count;
        return reader;
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

    /// Returns the number of names.
    public int count() {
        return count;
    }

    /// Returns the number of names that have records.
    public int withRecords() {
        return withRecords;
    }

    /// Returns the apex, or {@link #NONE}.
    public int apex() {
        return find(apex.wire(), 0);
    }

    /// Returns the records outside the zone.
    public int[] outside() {
        return outside;
    }

    /// Returns the records that are grouped.
    public Records records() {
        return records;
    }

    /// Returns the index of an owner's first {@link #record}.
    public int start(int owner) {
        return owner < withRecords ? starts[owner] : 0;
    }

    /// Returns the index after an owner's last {@link #record}.
    public int end(int owner) {
        return owner < withRecords ? starts[owner + 1] : 0;
    }

    /// Returns the record at an index of the groups.
    public int record(int at) {
        return grouped[at];
    }

    /// Returns the owner that a record names as a host ({@link RdataNames#hostOffset}), by the
    /// index of the record in the groups; {@link #NONE} if there is none.
    public int host(int at) {
        return hosts[at];
    }

    /// Returns whether an owner has a record of a type.
    public boolean has(int owner, int type) {
        for (int i = start(owner); i < end(owner); i++) {
            if (records.type(grouped[i]) == type) {
                return true;
            }
        }
        return false;
    }

    /// Returns the octets that contain an owner's name, as spelled.
    byte[] octets(int owner) {
        return records.page((int) (names[owner] >>> 32) << Records.PAGE_SHIFT).octets();
    }

    /// Returns the offset of an owner's name in its {@link #octets}.
    int offset(int owner) {
        return (int) names[owner];
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
    public Name name(int owner) {
        return Name.read(octets(owner), offset(owner));
    }

    /// Returns whether the leftmost label is "*".
    public boolean isWildcard(int owner) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        return octets[at] == 1 && octets[at + 1] == '*';
    }

    /// Returns whether a name consists of an NSEC3 hash and the apex. The hash is a label with 32
    /// digits of base32hex (RFC 5155 section 3).
    public boolean isHash(int owner) {
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
    public int above(int owner) {
        return findAbove(octets(owner), offset(owner));
    }

    /// Returns whether an NSEC3 chain has a record for the apex. Without it the chain proves
    /// nothing, because the search for the closest encloser ends there at the latest.
    ///
    /// @param nsec3Parameters RDATA of an NSEC3PARAM record; false if it is not usable
    public boolean hasNsec3Chain(byte[] nsec3Parameters) {
        Nsec3Fields fields = new Nsec3Fields(nsec3Parameters);
        byte[] folded = apex.folded();
        if (!fields.usable() || folded.length + HASH_DIGITS >= Name.OCTETS_MAX) {
            return false;
        }
        byte[] hash =
                new Nsec3Hash().of(folded, 0, folded.length, fields.salt(), fields.iterations());
        int owner = find(Nsec3Fields.owner(hash, folded), 0);
        if (owner == NONE) {
            return false;
        }
        for (int i = start(owner); i < end(owner); i++) {
            if (records.type(grouped[i]) == RecordType.NSEC3
                    && fields.sameParameters(records.rdata(grouped[i]))) {
                return true;
            }
        }
        return false;
    }
}
