package org.anycastdns.server.zone;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// The records of a zone by owner: names as numbers from 0 on in order of their first records, and
/// after them, once asked for, the empty non-terminals. Names outside the zone are none.
///
/// All of it is in arrays of numbers, since a zone may have millions of names:
///
/// ```
///   slots    hash -> owner + 1, open addressing
///   names    owner -> page and offset of its wire form among the octets of the records
///   starts   owner -> where its records begin in `grouped`; they end where the next one's begin
///   grouped  records by owner
///   hosts    for each of these the owner that it names as a host
/// ```
public final class Owners {

    /// No such name.
    public static final int NONE = -1;

    /// Slots that are looked at for a name before another seed and a larger table are tried: who
    /// writes a zone must not be able to make its names collide.
    private static final int STEPS_MAX = 128;

    /// A table for so many names is set aside from the start; it grows when there are more.
    private static final int RUNS_MAX = 1 << 26;

    /// Records whose hosts are looked up at once by one thread.
    private static final int PART = 1 << 14;

    /// Owners that are looked for at once in a zone with many records: more than a processor has
    /// misses of its caches under way.
    private static final int AHEAD = 32;

    /// A zone with fewer records lies in the caches.
    private static final int MANY = 1 << 16;

    /// Records that are sorted by insertion.
    private static final int FEW = 32;

    /// Digits of base32hex of a SHA-1 hash, the only one that NSEC3 knows.
    private static final int HASH_DIGITS = 32;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final Records records;
    private final Name apex;
    private final byte[] apexFolded;
    // Made when a name is first looked up: many readers never do, and there may be many zones.
    private @Nullable NameBuffer buffer;
    private long seed = GOLDEN_RATIO;
    private int[] slots = new int[16];
    private long[] names = new long[8];
    private int[] starts = new int[0];
    private int[] grouped = new int[0];
    private int[] hosts = new int[0];
    private int[] outside = new int[0];
    private int withRecords;

    // Written by many threads and read by none, so that no compiler leaves a look at memory out.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    private int count;

    private Owners(Records records, Name apex) {
        this.records = records;
        this.apex = apex;
        this.apexFolded = apex.folded();
    }

    /// Groups records.
    ///
    /// @param crew works on many records together
    public static Owners of(Records records, Name apex, Crew crew) {
        Owners owners = new Owners(records, apex);
        owners.group();
        owners.findHosts(crew);
        return owners;
    }

    /// Records whose owner is not that of the record before: there are not more names.
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

    private void findHosts(Crew crew) {
        hosts = new int[grouped.length];
        int parts = (grouped.length + PART - 1) / PART;
        crew.each(parts, part -> reader(parts).findHosts(part * PART));
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

    /// The next owners of a page with their hashes. Their places in the table are looked at all
    /// together: the processor then fetches them from memory at the same time, not one by one.
    private final class Window {
        private final @Nullable NameBuffer[] names;
        private long hashedWith;
        private Records.@Nullable Page page;
        private int from;
        private int end;

        Window(int size) {
            names = new @Nullable NameBuffer[size];
        }

        /// The owner of a record, other than that of the one before; asked for in order.
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

    /// The number of a name of the zone, a new one if need be; of several spellings the lowest
    /// stays.
    ///
    /// @param name has its hashes, if it is of the zone
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

    /// The same records give the same image, in whatever order they come and however they are
    /// spelled.
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

    /// Puts an owner into a slot; false when there is none near its place.
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

    /// The number of what is left when labels of a hashed name are dropped, or {@link #NONE}.
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

    /// The number of a name, or {@link #NONE}.
    public int find(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        if (!isInZone(name)) {
            return NONE;
        }
        hash(name);
        return find(name, 0);
    }

    /// Whether a name is at or below the apex.
    public boolean isInZone(byte[] wire, int offset) {
        NameBuffer name = buffer();
        name.set(wire, offset);
        return isInZone(name);
    }

    /// The nearest name above another one, itself perhaps not there, that is; {@link #NONE} when
    /// there is none in the zone, the other one is the apex or outside.
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

    /// Leaves records out that are not to be served, before the owners get other numbers; the first
    /// record of each owner stays.
    ///
    /// @param places of the records in their groups, in ascending order
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

    /// Gives the owners other numbers, and their records other places, in the order of these; only
    /// once, before empty non-terminals are added.
    ///
    /// @param order the present numbers, in the order of the new ones
    /// @throws IllegalStateException when there are empty non-terminals
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

    /// Puts the records of an owner in order of type and RDATA.
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

    /// Adds a name between an owner and the apex that has no records of its own.
    ///
    /// @param dropped labels of the owner that it lacks, at least 1
    int addEmptyNonTerminal(int owner, int dropped) {
        long at = names[owner] + endingStart(owner, dropped);
        NameBuffer name = buffer();
        name.set(octets(owner), (int) at);
        hash(name);
        return append(at, name.hash(0));
    }

    /// The number of an owner's name without its first labels, or {@link #NONE}.
    int findEnding(int owner, int dropped) {
        return find(octets(owner), offset(owner) + endingStart(owner, dropped));
    }

    /// Notes how an owner spells an empty non-terminal above it.
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

    /// How many labels two owners have in common, counted from the root, which is none itself.
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

    /// Looks at what will be asked of some owners, all together: they lie anywhere in the memory,
    /// and the processor then fetches them at the same time, not one by one. Costs nothing where
    /// they are in its caches, and changes nothing.
    ///
    /// @param order owners that are worked on one after the other
    /// @param from the one that is next: every so many, the {@link #AHEAD} from there on are looked
    ///   at, or those that are left
    void lookAt(int[] order, int from) {
        look(order, from, true);
    }

    /// The same when nothing but their names is asked for.
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

    /// The same for owners that are worked on in the order of their numbers.
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
            // Empty RDATA (RFC 3597 section 5) may begin where the octets end.
            sum += octets[Math.min(records.rdataOffset(grouped[i]), octets.length - 1)];
        }
        return sum;
    }

    /// The same owners for one of several threads, while none is added.
    ///
    /// @param readers how many there are; one alone needs no other: there may be many zones
    public Owners reader(int readers) {
        if (readers <= 1) {
            return this;
        }
        Owners reader = new Owners(records, apex);
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

    /// Labels of an owner's name, the root's not counted.
    int labelCount(int owner) {
        byte[] octets = octets(owner);
        int labels = 0;
        for (int at = offset(owner); octets[at] != 0; at += octets[at] + 1) {
            labels++;
        }
        return labels;
    }

    /// Number of names.
    public int count() {
        return count;
    }

    /// Number of names that have records.
    public int withRecords() {
        return withRecords;
    }

    /// The apex, or {@link #NONE}.
    public int apex() {
        return find(apex.wire(), 0);
    }

    /// Records outside the zone.
    public int[] outside() {
        return outside;
    }

    /// The records that are grouped.
    public Records records() {
        return records;
    }

    /// Where an owner's records begin among the {@link #record}s.
    public int start(int owner) {
        return owner < withRecords ? starts[owner] : 0;
    }

    /// Where they end.
    public int end(int owner) {
        return owner < withRecords ? starts[owner + 1] : 0;
    }

    /// One record, by its place in its group.
    public int record(int at) {
        return grouped[at];
    }

    /// The owner that a record names as a host ({@link RdataNames#hostOffset}), by the record's
    /// place in its group; {@link #NONE} when there is none.
    public int host(int at) {
        return hosts[at];
    }

    /// Whether an owner has a record of a type.
    public boolean has(int owner, int type) {
        for (int i = start(owner); i < end(owner); i++) {
            if (records.type(grouped[i]) == type) {
                return true;
            }
        }
        return false;
    }

    /// The octets that hold an owner's name, as spelled.
    byte[] octets(int owner) {
        return records.page((int) (names[owner] >>> 32) << Records.PAGE_SHIFT).octets();
    }

    /// Where the name starts in them.
    int offset(int owner) {
        return (int) names[owner];
    }

    /// Octets of an owner's name.
    int length(int owner) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        while (octets[at] != 0) {
            at += octets[at] + 1;
        }
        return at + 1 - offset(owner);
    }

    /// An owner's name.
    public Name name(int owner) {
        return Name.read(octets(owner), offset(owner));
    }

    /// Whether the leftmost label is "*".
    public boolean isWildcard(int owner) {
        byte[] octets = octets(owner);
        int at = offset(owner);
        return octets[at] == 1 && octets[at + 1] == '*';
    }

    /// Whether a name is the apex with one label before it that is a hash of NSEC3: 32 digits of
    /// base32hex (RFC 5155 section 3).
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

    /// The name right above another one of the zone, the nearest that is there.
    public int above(int owner) {
        return findAbove(octets(owner), offset(owner));
    }

    /// Whether NSEC3 records with certain parameters have one for the apex, without which they
    /// prove nothing: the proof of each closest encloser ends there at the latest.
    ///
    /// @param nsec3Parameters RDATA of an NSEC3PARAM record; false for those that are not served
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
