package org.anycastdns.server.zone.build;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.ParallelRunner;

/// The records of a zone by owner name. Owners are numbers from 0 in order of their first records;
/// empty non-terminals follow once they are added. Names outside the zone are not included.
///
/// All data is in arrays of numbers, because a zone may have millions of names:
///
/// ```
///   names    name -> owner, and back: OwnerNames
///   starts   owner -> start of its records in `grouped`; they end where the next owner's begin
///   grouped  records by owner
///   hosts    for each record in `grouped`: the owner that it names as a host
/// ```
public final class OwnerTable {

    /// No such name.
    public static final int NONE = OwnerNames.NONE;

    /// Number of records whose hosts one task looks up.
    private static final int PART = 1 << 14;

    /// Minimum number of records of a zone that does not fit into the caches.
    private static final int MANY = 1 << 16;

    /// Maximum number of records that are sorted by insertion.
    private static final int FEW = 32;

    private final Records records;
    private final Name apex;
    private final OwnerNames names;
    private int[] starts = new int[0];
    private int[] grouped = new int[0];
    private int[] hosts = new int[0];
    private int[] outside = new int[0];
    private int withRecords;

    // Written by many threads and never read: it keeps the compiler from removing prefetch reads.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// Creates a table whose records are not grouped yet.
    private OwnerTable(Records records, Name apex) {
        this.records = records;
        this.apex = apex;
        this.names = new OwnerNames(records, apex, runs(records));
    }

    /// Creates a view for one of several threads.
    private OwnerTable(OwnerTable all) {
        records = all.records;
        apex = all.apex;
        names = all.names.reader();
        starts = all.starts;
        grouped = all.grouped;
        hosts = all.hosts;
        outside = all.outside;
        withRecords = all.withRecords;
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
    private static int runs(Records records) {
        int runs = 0;
        for (int i = 0; i < records.pageCount(); i++) {
            Records.Page page = records.page(i << Records.PAGE_SHIFT);
            for (int j = 0; j < page.count(); j++) {
                runs += j > 0 && page.owner(j) == page.owner(j - 1) ? 0 : 1;
            }
        }
        return runs;
    }

    private void group() {
        int[][] owners = new int[records.pageCount()][];
        int outsideCount = 0;
        int[] sizes = new int[8];
        OwnerNames.Window window = names.window(records.size() < MANY ? 1 : OwnerNames.AHEAD);
        for (int i = 0; i < owners.length; i++) {
            Records.Page page = records.page(i << Records.PAGE_SHIFT);
            int[] ofPage = new int[page.count()];
            owners[i] = ofPage;
            for (int j = 0; j < page.count(); j++) {
                boolean same = j > 0 && page.owner(j) == page.owner(j - 1);
                int owner =
                        same ? ofPage[j - 1] : names.add(i, page.owner(j), window.name(page, j));
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
        int count = names.count();
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
                            : names.find(
                                    records.octets(record), records.rdataOffset(record) + offset);
        }
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
        int count = names.count();
        if (order.length != count) {
            throw new IllegalStateException("the names have their final numbers already");
        }
        int[] numbers = names.renumber(order);
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

    /// Prefetches the names and records of the next owners together, because they are scattered in
    /// memory; the processor fetches them in parallel. It has no other effect.
    ///
    /// @param order owners in the order in which they are processed
    /// @param from index of the next owner; every {@link OwnerNames#AHEAD} owners, the next {@link
    ///   OwnerNames#AHEAD} are prefetched
    void lookAt(int[] order, int from) {
        if (from % OwnerNames.AHEAD != 0) {
            return;
        }
        int sum = 0;
        for (int i = from; i < Math.min(order.length, from + OwnerNames.AHEAD); i++) {
            sum += look(order[i]);
        }
        seen = sum;
    }

    /// Prefetches owners that are processed in numeric order, like {@link #lookAt(int[], int)}.
    void lookAt(int first) {
        if (first % OwnerNames.AHEAD != 0) {
            return;
        }
        int sum = 0;
        for (int owner = first;
                owner < Math.min(names.count(), first + OwnerNames.AHEAD);
                owner++) {
            sum += look(owner);
        }
        seen = sum;
    }

    private int look(int owner) {
        int sum = names.look(owner);
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
        return new OwnerTable(this);
    }

    /// Returns the number of names.
    public int count() {
        return names.count();
    }

    /// Returns the number of names that have records.
    public int withRecords() {
        return withRecords;
    }

    /// Returns the apex, or {@link #NONE}.
    public int apex() {
        return names.apex();
    }

    /// Returns the owner with a name, or {@link #NONE}.
    public int find(byte[] wire, int offset) {
        return names.find(wire, offset);
    }

    /// Returns whether a name is at or below the apex.
    public boolean isInZone(byte[] wire, int offset) {
        return names.isInZone(wire, offset);
    }

    /// Returns the nearest existing ancestor of a name, which itself may not exist. Returns {@link
    /// #NONE} if there is none, or if the name is the apex or outside the zone.
    public int findAbove(byte[] wire, int offset) {
        return names.findAbove(wire, offset);
    }

    /// Returns the nearest existing ancestor of an owner.
    public int above(int owner) {
        return names.above(owner);
    }

    /// Returns the zone's name.
    public Name origin() {
        return apex;
    }

    /// Returns an owner's name.
    public Name name(int owner) {
        return names.name(owner);
    }

    /// Returns whether the leftmost label is "*".
    public boolean isWildcard(int owner) {
        return names.isWildcard(owner);
    }

    /// Returns whether a name consists of an NSEC3 hash and the apex.
    public boolean isHash(int owner) {
        return names.isHash(owner);
    }

    /// Returns whether a name has only NSEC3 records and signatures: such a name is a hash and not
    /// a name of the zone (RFC 5155 section 7.2.8).
    boolean hasOnlyNsec3(int owner) {
        boolean any = false;
        for (int i = start(owner); i < end(owner); i++) {
            int type = records.type(grouped[i]);
            if (type != RecordType.NSEC3 && type != RecordType.RRSIG) {
                return false;
            }
            any |= type == RecordType.NSEC3;
        }
        return any;
    }

    /// Returns the names of the owners.
    OwnerNames names() {
        return names;
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

    /// Returns the index of an owner's first signature that covers a type or a greater one; {@link
    /// #end} if there is none. The records of the owner must be sorted: signatures are in the order
    /// of the types that they cover then, since these begin their RDATA (RFC 4034 section 3.1).
    int firstSignature(int owner, int covered) {
        int low = start(owner);
        int high = end(owner);
        while (low < high) {
            int middle = (low + high) >>> 1;
            int record = grouped[middle];
            int type = records.type(record);
            if (type < RecordType.RRSIG
                    || (type == RecordType.RRSIG && covered(record) < covered)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Returns whether the record at an index is a signature of an owner that covers a type.
    boolean isSignature(int owner, int at, int covered) {
        return at < end(owner)
                && records.type(grouped[at]) == RecordType.RRSIG
                && covered(grouped[at]) == covered;
    }

    private int covered(int signature) {
        return RrsigFields.covered(records.octets(signature), records.rdataOffset(signature));
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

    /// Returns whether an NSEC3 chain has a record for the apex. Without it the chain proves
    /// nothing, because the search for the closest encloser ends there at the latest.
    ///
    /// @param nsec3Parameters RDATA of an NSEC3PARAM record; false if it is not usable
    public boolean hasNsec3Chain(byte[] nsec3Parameters) {
        Nsec3Fields fields = new Nsec3Fields(nsec3Parameters);
        byte[] folded = apex.folded();
        if (!fields.usable() || folded.length + OwnerNames.HASH_DIGITS >= Name.OCTETS_MAX) {
            return false;
        }
        byte[] hash =
                new Nsec3Hash().of(folded, 0, folded.length, fields.salt(), fields.iterations());
        int owner = names.find(Nsec3Fields.owner(hash, folded), 0);
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
