package org.anycastdns.server.zone.build;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Records of class IN in the order of their addition, in compact form: a zone may have millions.
///
/// ```
///   record number: page (15 bits) | record of the page (16 bits)
///   page: heads   for each record  owner 4 | RDATA 4 | TTL 4 | type 2 | RDATA length 2
///         places  for each record  8, until they are forgotten
///         octets  names and RDATA, in wire form, as spelled; a name once for consecutive records
/// ```
///
/// Random access to a record touches two places in memory, not one for each field. A place is the
/// origin of a record; only the code that adds the record can interpret it.
public final class Records {

    static final int PAGE_SHIFT = 16;
    private static final int PAGE_RECORDS = 1 << PAGE_SHIFT;
    private static final int SLOT_MASK = PAGE_RECORDS - 1;
    private static final int PAGES_MAX = 1 << (31 - PAGE_SHIFT);

    /// A page with this many octets is full.
    private static final int PAGE_OCTETS = 16 << 20;

    /// A page gets more room than the one before it needed, by this part of it: names are not all
    /// of one length.
    private static final int SPARE_SHARE = 16;

    private static final int RECORDS_MIN = 8;
    private static final int OCTETS_MIN = 256;

    private final int firstRecords;
    private final int firstOctets;
    private Page[] pages = new Page[0];
    private final byte[] owner = new byte[Name.OCTETS_MAX];
    private int ownerLength;
    private int ownerAt = -1;
    private int size;
    private boolean sealed;
    private long fullPagesMemory;

    /// TTLs that were given, by record, where {@link #limitTtl} has changed them.
    private final Map<Integer, Integer> givenTtls = new ConcurrentHashMap<>();

    /// A page of up to 65,536 records.
    static final class Page {
        private static final int OWNER = 0;
        private static final int RDATA = 1;
        private static final int TTL = 2;
        private static final int TYPE_AND_LENGTH = 3;
        private static final int HEAD = 4;

        private int count;
        private int[] heads;

        /// Empty as long as all places are 0, as those of records that did not come from a file.
        private long[] places = new long[0];

        private long placeBase;
        private byte[] octets;
        private int end;

        private Page(int records, int octetCount) {
            heads = new int[HEAD * records];
            octets = new byte[octetCount];
        }

        int count() {
            return count;
        }

        byte[] octets() {
            return octets;
        }

        /// Returns the offset of the owner name in the octets; consecutive records with the same
        /// owner share it.
        int owner(int slot) {
            return heads[HEAD * slot + OWNER];
        }

        private int rdata(int slot) {
            return heads[HEAD * slot + RDATA];
        }

        private int ttl(int slot) {
            return heads[HEAD * slot + TTL];
        }

        private int type(int slot) {
            return heads[HEAD * slot + TYPE_AND_LENGTH] >>> 16;
        }

        private int length(int slot) {
            return heads[HEAD * slot + TYPE_AND_LENGTH] & 0xffff;
        }

        private long place(int slot) {
            return (places.length == 0 ? 0 : places[slot]) + placeBase;
        }

        private void add(int owner, int type, int ttl, int rdata, int length, long place) {
            int head = HEAD * count;
            heads[head + OWNER] = owner;
            heads[head + RDATA] = rdata;
            heads[head + TTL] = ttl;
            heads[head + TYPE_AND_LENGTH] = type << 16 | length;
            if (place != 0 && places.length == 0) {
                places = new long[heads.length / HEAD];
            }
            if (places.length > 0) {
                places[count] = place;
            }
            count++;
        }

        private boolean hasRoom() {
            return HEAD * count < heads.length;
        }

        private void records(int capacity) {
            heads = Arrays.copyOf(heads, HEAD * capacity);
            places = places.length == 0 ? places : Arrays.copyOf(places, capacity);
        }

        private int append(byte[] from, int count) {
            if (octets.length - end < count) {
                octets = Arrays.copyOf(octets, Math.max(end + count, 2 * octets.length));
            }
            System.arraycopy(from, 0, octets, end, count);
            end += count;
            return end - count;
        }

        private long memory() {
            return 4L * heads.length + 8L * places.length + octets.length;
        }

        private Page copy() {
            Page copy = new Page(0, 0);
            copy.count = count;
            copy.heads = Arrays.copyOf(heads, HEAD * count);
            copy.places = places.length == 0 ? places : Arrays.copyOf(places, count);
            copy.placeBase = placeBase;
            copy.octets = Arrays.copyOf(octets, end);
            copy.end = end;
            return copy;
        }

        private void clear() {
            count = 0;
            end = 0;
            placeBase = 0;
        }

        private void trim() {
            if (HEAD * count < heads.length) {
                records(count);
            }
            boolean isTight = octets.length - end <= octets.length / SPARE_SHARE;
            octets = isTight ? octets : Arrays.copyOf(octets, end);
        }
    }

    /// Creates an empty collection with room for few records.
    public Records() {
        this(RECORDS_MIN, OCTETS_MIN);
    }

    /// Creates an empty collection with room for a number of records, to avoid repeated copies.
    ///
    /// @param records expected number of records
    /// @param octets expected octets of their names and RDATA
    public Records(int records, int octets) {
        firstRecords = Math.clamp(records, RECORDS_MIN, PAGE_RECORDS);
        firstOctets = Math.clamp(octets, OCTETS_MIN, PAGE_OCTETS);
    }

    /// Sets the owner of the records that are added next.
    ///
    /// @param wire contains the name, absolute and uncompressed, from index 0
    public void owner(byte[] wire, int length) {
        System.arraycopy(wire, 0, owner, 0, length);
        ownerLength = length;
        ownerAt = -1;
    }

    /// Adds a record; copies its octets.
    ///
    /// @param rdata from index 0, valid for the type as {@link ResourceRecord} requires
    /// @param place origin of the record
    public void add(int type, int ttlSeconds, byte[] rdata, int length, long place) {
        Page page = page();
        if (ownerAt < 0) {
            ownerAt = page.append(owner, ownerLength);
        }
        page.add(ownerAt, type, ttlSeconds, page.append(rdata, length), length, place);
        size++;
    }

    /// Adds a record of another collection; copies its octets.
    ///
    /// @param record its number there
    public void add(Records from, int record, long place) {
        byte[] octets = from.octets(record);
        int start = from.ownerOffset(record);
        int length = Name.lengthAt(octets, start);
        if (ownerAt < 0 || !Arrays.equals(octets, start, start + length, owner, 0, ownerLength)) {
            owner(Arrays.copyOfRange(octets, start, start + length), length);
        }
        byte[] rdata = from.rdata(record);
        add(from.type(record), from.ttlSeconds(record), rdata, rdata.length, place);
    }

    /// Adds a record object.
    public void add(ResourceRecord record, long place) {
        byte[] wire = record.owner().wire();
        if (ownerAt < 0 || !Arrays.equals(wire, 0, wire.length, owner, 0, ownerLength)) {
            owner(wire, wire.length);
        }
        add(record.type(), record.ttlSeconds(), record.rdata(), record.rdata().length, place);
    }

    private Page page() {
        Page page = pages.length == 0 ? null : pages[pages.length - 1];
        if (page == null || sealed || page.count == PAGE_RECORDS || page.end >= PAGE_OCTETS) {
            trim();
            page = pages.length == 0 ? new Page(firstRecords, firstOctets) : next(page);
            addPage(page);
            sealed = false;
            ownerAt = -1;
        } else if (!page.hasRoom()) {
            page.records(Math.max(RECORDS_MIN, 2 * page.count));
        }
        return page;
    }

    /// Returns a page behind a full one. It gets the same room at once: a page that grows leaves
    /// garbage, and that has to be collected while a large zone is read.
    private Page next(@Nullable Page full) {
        return full == null || sealed || full.count < PAGE_RECORDS / 2
                ? new Page(RECORDS_MIN, OCTETS_MIN)
                : new Page(PAGE_RECORDS, Math.min(PAGE_OCTETS, full.end + full.end / SPARE_SHARE));
    }

    private void addPage(Page page) {
        if (pages.length == PAGES_MAX) {
            throw new IllegalStateException("a zone has at most %d pages".formatted(PAGES_MAX));
        }
        fullPagesMemory = memory();
        pages = Arrays.copyOf(pages, pages.length + 1);
        pages[pages.length - 1] = page;
    }

    /// Releases unused capacity.
    public void trim() {
        if (pages.length > 0) {
            pages[pages.length - 1].trim();
        }
    }

    /// Moves all records of another collection into this one; the other must not be used any more.
    ///
    /// @param placeBase is added to their places
    public void addAll(Records other, long placeBase) {
        trim();
        other.trim();
        for (Page page : other.pages) {
            page.placeBase += placeBase;
            addPage(page);
        }
        size += other.size;
        // Records added later must not get this place base.
        sealed = true;
    }

    /// Returns a copy without unused capacity.
    public Records copy() {
        Records copy = new Records();
        copy.pages = new Page[pages.length];
        Arrays.setAll(copy.pages, i -> pages[i].copy());
        copy.size = size;
        copy.givenTtls.putAll(givenTtls);
        copy.sealed = true;
        return copy;
    }

    /// Removes all records and keeps the memory of the first page.
    public void clear() {
        if (pages.length > 0) {
            pages = new Page[] {pages[0]};
            fullPagesMemory = 0;
            pages[0].clear();
        }
        size = 0;
        sealed = false;
        ownerAt = -1;
        givenTtls.clear();
    }

    /// Returns the octets of memory that the records take; the last page counts with its capacity.
    public long memory() {
        return fullPagesMemory + (pages.length == 0 ? 0 : pages[pages.length - 1].memory());
    }

    /// Returns the number of records.
    public int size() {
        return size;
    }

    /// Returns all records of a type, in order.
    public int[] all(int type) {
        int[] all = new int[8];
        int count = 0;
        for (int i = 0; i < pages.length; i++) {
            Page page = pages[i];
            for (int j = 0; j < page.count; j++) {
                if (page.type(j) == type) {
                    all = count == all.length ? Arrays.copyOf(all, 2 * count) : all;
                    all[count++] = i << PAGE_SHIFT | j;
                }
            }
        }
        return Arrays.copyOf(all, count);
    }

    /// Returns the record at an index in the order of addition.
    ///
    /// @throws IndexOutOfBoundsException if there are not so many records
    public int number(int index) {
        int before = 0;
        for (int i = 0; i < pages.length; i++) {
            int count = pages[i].count;
            if (index - before < count) {
                return i << PAGE_SHIFT | index - before;
            }
            before += count;
        }
        throw new IndexOutOfBoundsException(index);
    }

    /// Returns the record behind another one in the order of addition; -1 behind the last one.
    ///
    /// @param record -1 for the first one
    public int next(int record) {
        int slot = record < 0 ? 0 : slot(record) + 1;
        for (int i = record < 0 ? 0 : record >>> PAGE_SHIFT; i < pages.length; i++) {
            if (slot < pages[i].count) {
                return i << PAGE_SHIFT | slot;
            }
            slot = 0;
        }
        return -1;
    }

    Page page(int record) {
        return pages[record >>> PAGE_SHIFT];
    }

    int pageCount() {
        return pages.length;
    }

    static int slot(int record) {
        return record & SLOT_MASK;
    }

    /// Returns the TYPE of a record.
    public int type(int record) {
        return page(record).type(slot(record));
    }

    /// Returns the TTL of a record in seconds.
    public int ttlSeconds(int record) {
        return page(record).ttl(slot(record));
    }

    /// Releases the memory of all places; they are not needed once the zone is checked.
    public void forgetPlaces() {
        for (Page page : pages) {
            page.places = new long[0];
        }
    }

    /// Returns the origin of a record, unless it was released by {@link #forgetPlaces}.
    public long place(int record) {
        return page(record).place(slot(record));
    }

    /// Returns the length of a record's RDATA in octets.
    public int rdataLength(int record) {
        return page(record).length(slot(record));
    }

    /// Returns the octets to which a record's {@link #rdataOffset} refers; must not be modified.
    public byte[] octets(int record) {
        return page(record).octets;
    }

    /// Returns the offset of a record's RDATA in its {@link #octets}.
    public int rdataOffset(int record) {
        return page(record).rdata(slot(record));
    }

    /// Returns a copy of a record's RDATA.
    public byte[] rdata(int record) {
        int from = rdataOffset(record);
        return Arrays.copyOfRange(octets(record), from, from + rdataLength(record));
    }

    /// Returns the offset of a record's owner name in its {@link #octets}, in wire form.
    public int ownerOffset(int record) {
        return page(record).owner(slot(record));
    }

    /// Returns a record's owner name.
    public Name owner(int record) {
        Page page = page(record);
        return Name.read(page.octets, page.owner(slot(record)));
    }

    /// Compares the RDATA of two records as unsigned octets (RFC 4034 section 6.3).
    public int compareRdata(int a, int b) {
        int from = rdataOffset(a);
        int other = rdataOffset(b);
        return Arrays.compareUnsigned(
                octets(a), from, from + rdataLength(a), octets(b), other, other + rdataLength(b));
    }

    /// Returns whether the RDATA of two records of one type is equal in canonical form (RFC 4034
    /// section 6.3). The case of names does not matter (RFC 4343).
    public boolean sameRdata(int a, int b) {
        int length = rdataLength(a);
        if (length != rdataLength(b)) {
            return false;
        }
        byte[] octets = octets(a);
        byte[] others = octets(b);
        int from = rdataOffset(a);
        int other = rdataOffset(b);
        int differs = Arrays.mismatch(octets, from, from + length, others, other, other + length);
        if (differs < 0) {
            return true;
        }
        // Nearly all records end here: they differ in more than the case of a letter.
        return Name.fold(octets[from + differs]) == Name.fold(others[other + differs])
                && Arrays.equals(canonicalRdata(a), canonicalRdata(b));
    }

    /// Returns a record's RDATA in canonical form (RFC 4034 section 6.2).
    public byte[] canonicalRdata(int record) {
        byte[] rdata = rdata(record);
        Rdata.canonical(type(record), rdata, 0, rdata.length);
        return rdata;
    }

    /// Limits the TTL of a record. All records of a set get the lowest TTL, even that of a record
    /// which was dropped as another spelling (RFC 2181 section 5.2).
    public void limitTtl(int record, int seconds) {
        int ttl = Page.HEAD * slot(record) + Page.TTL;
        int[] heads = page(record).heads;
        if (seconds < heads[ttl]) {
            givenTtls.putIfAbsent(record, heads[ttl]);
            heads[ttl] = seconds;
        }
    }

    /// Returns the TTL of a record in seconds as it was before {@link #limitTtl}.
    public int givenTtlSeconds(int record) {
        return givenTtls.getOrDefault(record, ttlSeconds(record));
    }

    /// Returns a record as an object.
    public ResourceRecord record(int record) {
        return new ResourceRecord(owner(record), type(record), ttlSeconds(record), rdata(record));
    }

    /// Returns all records in order, each created on access.
    public List<ResourceRecord> list() {
        return new AbstractList<>() {
            @Override
            public ResourceRecord get(int index) {
                return record(number(index));
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
