package org.anycastdns.server.zone;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;

/// Records of class IN in the order they came in, in compact form: a zone may have millions.
///
/// ```
///   record number: page (15 bits) | record of the page (16 bits)
///   page: heads   for each record  owner 4 | RDATA 4 | TTL 4 | type 2 | RDATA length 2
///         places  for each record  8, until they are forgotten
///         octets  names and RDATA, in wire form, as spelled; a name once for the records that
///                 follow each other
/// ```
///
/// What is asked of a record in any order is in two places of the memory, not in one for each
/// field. A place says where a record comes from; only who adds the record knows what it means.
public final class Records {

    static final int PAGE_SHIFT = 16;
    private static final int PAGE_RECORDS = 1 << PAGE_SHIFT;
    private static final int SLOT_MASK = PAGE_RECORDS - 1;
    private static final int PAGES_MAX = 1 << (31 - PAGE_SHIFT);

    /// A page with so many octets is full.
    private static final int PAGE_OCTETS = 16 << 20;

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

    /// Up to 65,536 records.
    static final class Page {
        private static final int OWNER = 0;
        private static final int RDATA = 1;
        private static final int TTL = 2;
        private static final int TYPE_AND_LENGTH = 3;
        private static final int HEAD = 4;

        private int count;
        private int[] heads;
        private long[] places;
        private long placeBase;
        private byte[] octets;
        private int end;

        private Page(int records, int octetCount) {
            heads = new int[HEAD * records];
            places = new long[records];
            octets = new byte[octetCount];
        }

        int count() {
            return count;
        }

        byte[] octets() {
            return octets;
        }

        /// Where the owner's name starts in the octets; the same for records that follow each other
        /// and have the same one.
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
            return places[slot] + placeBase;
        }

        private void add(int owner, int type, int ttl, int rdata, int length, long place) {
            int head = HEAD * count;
            heads[head + OWNER] = owner;
            heads[head + RDATA] = rdata;
            heads[head + TTL] = ttl;
            heads[head + TYPE_AND_LENGTH] = type << 16 | length;
            places[count++] = place;
        }

        private boolean hasRoom() {
            return HEAD * count < heads.length;
        }

        private void records(int capacity) {
            heads = Arrays.copyOf(heads, HEAD * capacity);
            places = Arrays.copyOf(places, capacity);
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
            copy.places = Arrays.copyOf(places, count);
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
            octets = end == octets.length ? octets : Arrays.copyOf(octets, end);
        }
    }

    /// Room for few records at first.
    public Records() {
        this(RECORDS_MIN, OCTETS_MIN);
    }

    /// Room for a number of records from the start: what grows is copied again and again.
    ///
    /// @param records how many will come, about
    /// @param octets of their names and RDATA, about
    public Records(int records, int octets) {
        firstRecords = Math.clamp(records, RECORDS_MIN, PAGE_RECORDS);
        firstOctets = Math.clamp(octets, OCTETS_MIN, PAGE_OCTETS);
    }

    /// Sets the owner of the records that are added from now on.
    ///
    /// @param wire holds the name, absolute and uncompressed, from its start on
    public void owner(byte[] wire, int length) {
        System.arraycopy(wire, 0, owner, 0, length);
        ownerLength = length;
        ownerAt = -1;
    }

    /// Adds a record; it takes its octets over.
    ///
    /// @param rdata sound for the type, as {@link ResourceRecord} has it, from its start on
    /// @param place where the record comes from
    public void add(int type, int ttlSeconds, byte[] rdata, int length, long place) {
        Page page = page();
        if (ownerAt < 0) {
            ownerAt = page.append(owner, ownerLength);
        }
        page.add(ownerAt, type, ttlSeconds, page.append(rdata, length), length, place);
        size++;
    }

    /// Adds a record.
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
            sealed = false;
            boolean first = pages.length == 0;
            page = new Page(first ? firstRecords : RECORDS_MIN, first ? firstOctets : OCTETS_MIN);
            addPage(page);
            ownerAt = -1;
        } else if (!page.hasRoom()) {
            page.records(Math.max(RECORDS_MIN, 2 * page.count));
        }
        return page;
    }

    private void addPage(Page page) {
        if (pages.length == PAGES_MAX) {
            throw new IllegalStateException("a zone has at most %d pages".formatted(PAGES_MAX));
        }
        fullPagesMemory = memory();
        pages = Arrays.copyOf(pages, pages.length + 1);
        pages[pages.length - 1] = page;
    }

    /// Gives back room that was set aside for more records.
    public void trim() {
        if (pages.length > 0) {
            pages[pages.length - 1].trim();
        }
    }

    /// Takes over all records of another, which must not be used any more.
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
        // Places of more records do not count from the same base.
        sealed = true;
    }

    /// The same records in no more memory than they need.
    public Records copy() {
        Records copy = new Records();
        copy.pages = new Page[pages.length];
        Arrays.setAll(copy.pages, i -> pages[i].copy());
        copy.size = size;
        copy.sealed = true;
        return copy;
    }

    /// Begins anew, in the memory that is there.
    public void clear() {
        if (pages.length > 0) {
            pages = new Page[] {pages[0]};
            fullPagesMemory = 0;
            pages[0].clear();
        }
        size = 0;
        sealed = false;
        ownerAt = -1;
    }

    /// Octets of memory that the records take; those of the last page as if it were full of its
    /// room.
    public long memory() {
        return fullPagesMemory + (pages.length == 0 ? 0 : pages[pages.length - 1].memory());
    }

    /// Number of records.
    public int size() {
        return size;
    }

    /// All records of a type, in order.
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

    /// The number of the record that has so many before it.
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

    Page page(int record) {
        return pages[record >>> PAGE_SHIFT];
    }

    int pageCount() {
        return pages.length;
    }

    static int slot(int record) {
        return record & SLOT_MASK;
    }

    /// TYPE of a record.
    public int type(int record) {
        return page(record).type(slot(record));
    }

    /// TTL of a record in seconds.
    public int ttlSeconds(int record) {
        return page(record).ttl(slot(record));
    }

    /// Gives the memory of all places back: once the zone is checked, nobody asks for them.
    public void forgetPlaces() {
        for (Page page : pages) {
            page.places = new long[0];
        }
    }

    /// Where a record comes from, unless that is forgotten.
    public long place(int record) {
        return page(record).place(slot(record));
    }

    /// Octets of a record's RDATA.
    public int rdataLength(int record) {
        return page(record).length(slot(record));
    }

    /// The octets that a record's {@link #rdataOffset} is an offset of; not to be written to.
    public byte[] octets(int record) {
        return page(record).octets;
    }

    /// Where a record's RDATA starts in its {@link #octets}.
    public int rdataOffset(int record) {
        return page(record).rdata(slot(record));
    }

    /// A record's RDATA.
    public byte[] rdata(int record) {
        int from = rdataOffset(record);
        return Arrays.copyOfRange(octets(record), from, from + rdataLength(record));
    }

    /// A record's owner.
    public Name owner(int record) {
        Page page = page(record);
        return Name.read(page.octets, page.owner(slot(record)));
    }

    /// The order of the RDATA of two records, as unsigned octets (RFC 4034 section 6.3).
    public int compareRdata(int a, int b) {
        int from = rdataOffset(a);
        int other = rdataOffset(b);
        return Arrays.compareUnsigned(
                octets(a), from, from + rdataLength(a), octets(b), other, other + rdataLength(b));
    }

    /// Returns whether the RDATA of two records of one type is the same in canonical form, names in
    /// any case (RFC 4034 section 6.3, RFC 4343).
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

    /// Lets a record live no longer than this, as its set does when another spelling of the record
    /// has a lower TTL (RFC 2181 section 5.2).
    public void limitTtl(int record, int seconds) {
        int ttl = Page.HEAD * slot(record) + Page.TTL;
        int[] heads = page(record).heads;
        heads[ttl] = Math.min(heads[ttl], seconds);
    }

    /// A record as an object of its own.
    public ResourceRecord record(int record) {
        return new ResourceRecord(owner(record), type(record), ttlSeconds(record), rdata(record));
    }

    /// All records in order, each made when it is asked for.
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
