package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.I32;
import static org.anycastdns.server.zone.Layout.I64;
import static org.anycastdns.server.zone.Layout.U16;
import static org.anycastdns.server.zone.Layout.U8;
import static org.anycastdns.server.zone.Layout.offset;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;

/// One zone, immutable: a view of its image, whose format {@link Layout} describes.
///
/// A node is an owner name or an empty non-terminal. Nodes and record sets are numbers: references
/// into the image of their own zone. {@link #NONE} stands for no node or set. The bitwise
/// complement of a record set stands for its first signature as a record set of its own. It answers
/// QTYPE RRSIG, for which one signature is enough: more would only amplify.
public final class Zone {

    /// No node, no record set.
    public static final int NONE = 0;

    /// The low 14 bits of an image pointer to the owner of the record set. Other values below
    /// {@link #POINTER_WITHIN} point to the suffix of the owner name with that length in octets.
    public static final int POINTER_OWNER = Layout.OWNER;

    /// The lowest value for the low 14 bits of an image pointer into the records: the offset from
    /// the start of the set's first record, plus this value.
    public static final int POINTER_WITHIN = Layout.WITHIN;

    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    private final Name apex;
    private final ImageMemory memory;
    private final MemorySegment image;
    private final int counterSlot;

    // Copied from the image header for the answer path and for reports, which may outlive the
    // image.
    private final long seed;
    private final Buckets buckets;
    private final int apexNode;
    private final int negativeSoa;
    private final boolean signed;
    private final Denial denial;
    private final int iterations;
    private final byte[] salt;
    private final long chain;
    private final int chainLength;
    private final HashChain hashes;
    private final int serial;
    private final int expireSeconds;
    private final long signatureExpirySeconds;
    private final int recordCount;

    private Zone(Name apex, ImageMemory memory, MemorySegment image, int counterSlot) {
        this.apex = apex;
        this.memory = memory;
        this.image = image;
        this.counterSlot = counterSlot;
        boolean available = image.byteSize() > 0;
        seed = available ? image.get(I64, Layout.SEED) : 0;
        apexNode = available ? Layout.reference(Layout.apexNode(apex)) : NONE;
        long apexEnd = available ? end(apexNode) : 0;
        int count = available ? image.get(I32, Layout.BUCKETS) : 0;
        buckets = new Buckets(image, Layout.buckets(apexEnd), count);
        negativeSoa = available ? image.get(I32, Layout.NEGATIVE_SOA) : NONE;
        denial = available ? Denial.of(image.get(U16, Layout.DENIAL)) : Denial.UNSIGNED;
        iterations = available ? image.get(U16, Layout.ITERATIONS) & 0xffff : 0;
        salt = available ? salt(image) : new byte[0];
        chain = available ? offset(image.get(I32, Layout.CHAIN)) : 0;
        chainLength = available ? image.get(I32, Layout.CHAIN_LENGTH) : 0;
        hashes = new HashChain(image, chain, chainLength);
        signatureExpirySeconds = available ? image.get(I64, Layout.SIGNATURE_EXPIRY) : 0;
        recordCount = available ? image.get(I32, Layout.RECORD_COUNT) : 0;
        signed = available && signatureCount(negativeSoa) > 0;
        byte[] soa = available ? soa() : new byte[SoaFields.OCTETS];
        serial = SoaFields.serial(soa);
        expireSeconds = SoaFields.expireSeconds(soa);
    }

    private static byte[] salt(MemorySegment image) {
        long at = offset(image.get(I32, Layout.SALT));
        return image.asSlice(at, image.get(I32, Layout.SALT_OCTETS)).toArray(U8);
    }

    /// Returns the numbers at the end of the SOA RDATA.
    private byte[] soa() {
        int set = find(apexNode, RecordType.SOA);
        long end = records(set) + recordsOctets(set);
        return image.asSlice(end - SoaFields.OCTETS, SoaFields.OCTETS).toArray(U8);
    }

    /// Returns a view of an image that `zone.build` made or `zone.file` opened.
    ///
    /// @param memory the memory that holds the image
    /// @param counterSlot index of the zone's query counters, from 0
    public static Zone of(ImageMemory memory, MemorySegment image, int counterSlot) {
        long octets = Math.min(Name.OCTETS_MAX, image.byteSize() - Layout.APEX_NAME);
        byte[] name = image.asSlice(Layout.APEX_NAME, octets).toArray(U8);
        return new Zone(Name.read(name, 0), memory, image, counterSlot);
    }

    /// Returns a placeholder for a configured zone that could not be loaded. Queries for it get
    /// SERVFAIL (RFC 8914 section 4.15), not REFUSED, so that resolvers ask another server.
    public static Zone unavailable(Name apex, int counterSlot) {
        return new Zone(apex, ImageMemory.collected(), EMPTY, counterSlot);
    }

    /// Returns a copy of this zone in other memory.
    public Zone copy(ImageMemory into) {
        MemorySegment copied = into.allocate(image.byteSize());
        copied.copyFrom(image);
        return new Zone(apex, into, copied, counterSlot);
    }

    /// Returns the same zone with another index for its query counters.
    public Zone counted(int slot) {
        return new Zone(apex, memory, image, slot);
    }

    private int u16(long at) {
        return image.get(U16, at) & 0xffff;
    }

    private int u8(long at) {
        return image.get(U8, at) & 0xff;
    }

    // Nodes.

    /// Returns the node of a name without its first labels, or {@link #NONE}.
    ///
    /// @param name hashed with {@link #hash(NameBuffer)}
    public int find(NameBuffer name, int dropped) {
        if (dropped == name.labelCount() - apex.labelCount()) {
            return apexNode;
        }
        long hash = name.hash(dropped);
        long bucket = buckets.of(hash);
        for (int steps = 0; steps <= Buckets.STEPS_MAX; steps++) {
            name.see(buckets.look(bucket));
            long candidates = buckets.candidates(bucket, hash);
            for (; candidates != 0; candidates = Buckets.withoutFirst(candidates)) {
                int node = buckets.node(bucket, Buckets.slot(candidates));
                if (isName(node, name, dropped)) {
                    return node;
                }
            }
            if (!buckets.passed(bucket, hash)) {
                return NONE;
            }
            bucket = buckets.next(bucket);
        }
        return NONE;
    }

    public Buckets buckets() {
        return buckets;
    }

    /// Computes the hashes for lookups of a name in this zone.
    ///
    /// @param name at or below the apex
    public void hash(NameBuffer name) {
        name.hash(seed, apex.labelCount(), Name.LABELS_MAX);
    }

    /// Prefetches the bucket that {@link #closest} reads first. The reads do not depend on each
    /// other: those for many names can be in flight at the same time.
    ///
    /// @param name hashed with {@link #hash(NameBuffer)}
    /// @return a value that depends on the read, so that the compiler cannot remove it
    public int lookAhead(NameBuffer name) {
        int top = name.labelCount() - apex.labelCount() - 1;
        return top < 0 ? 0 : buckets.lookAhead(name.hash(top));
    }

    /// Returns the offset after a node.
    public long end(int node) {
        return references(node) + (long) Layout.SET_REFERENCE_OCTETS * setCount(node);
    }

    private boolean isName(int node, NameBuffer name, int dropped) {
        int label = dropped;
        int labels = name.labelCount() - apex.labelCount();
        int at = node;
        while (label < labels) {
            if (parent(at) == NONE || !name.labelEquals(label, image, label(at))) {
                return false;
            }
            at = parent(at);
            label++;
        }
        return parent(at) == NONE;
    }

    /// Returns the node of a name, or else its closest encloser (RFC 4592 section 3.3.1). For a
    /// name outside the zone's authority, it returns a node above it that has or is a covering cut.
    ///
    /// The name directly below the apex is looked up first. In a zone of delegations, this decides
    /// nearly all lookups: the name is below a zone cut, or nothing below the apex matches.
    ///
    /// @param name hashed with {@link #hash(NameBuffer)}
    public int closest(NameBuffer name) {
        int top = name.labelCount() - apex.labelCount() - 1;
        if (top < 0) {
            return apexNode;
        }
        int highest = find(name, top);
        if (highest == NONE) {
            return apexNode;
        }
        if (top == 0 || coveringCutBelow(highest) != NONE) {
            return highest;
        }
        for (int dropped = 0; dropped < top; dropped++) {
            int node = find(name, dropped);
            if (node != NONE) {
                return node;
            }
        }
        return highest;
    }

    /// Returns the node of the zone apex.
    public int apexNode() {
        return apexNode;
    }

    /// Returns the parent of a node, or {@link #NONE} for the apex.
    public int parent(int node) {
        return image.get(I32, offset(node) + Layout.PARENT);
    }

    /// Returns the length of the node's name in octets, 1 to 255.
    public int nameOctets(int node) {
        return u8(offset(node) + Layout.NAME_OCTETS);
    }

    /// Returns the number of labels of the node's name.
    public int labelCount(int node) {
        return u8(offset(node) + Layout.LABEL_COUNT);
    }

    private int flags(int node) {
        return image.get(U8, offset(node) + Layout.FLAGS);
    }

    /// Returns whether the node is a zone cut: it has NS records and is not the apex (RFC 1034
    /// section 4.2.1).
    public boolean isDelegation(int node) {
        return (flags(node) & Layout.IS_DELEGATION) != 0;
    }

    /// Returns whether the node's leftmost label is "*" (RFC 4592 section 2.1.1).
    public boolean isWildcard(int node) {
        return (flags(node) & Layout.IS_WILDCARD) != 0;
    }

    /// Returns the covering cut of a node, or {@link #NONE}: the delegation or DNAME strictly above
    /// that takes it out of the zone's authority. Of several, it is the one nearest to the apex.
    public int coveringCut(int node) {
        return reference(node, Layout.HAS_COVERING_CUT);
    }

    /// Returns the covering cut of names below this node: the node's own covering cut, or the node
    /// itself if it is a delegation or has a DNAME; {@link #NONE} if the zone is authoritative
    /// below.
    public int coveringCutBelow(int node) {
        int coveringCut = coveringCut(node);
        boolean governs = (flags(node) & (Layout.IS_DELEGATION | Layout.HAS_DNAME)) != 0;
        return coveringCut != NONE || !governs ? coveringCut : node;
    }

    /// Returns the wildcard child "*" of a node, or {@link #NONE}.
    public int wildcard(int node) {
        return reference(node, Layout.HAS_WILDCARD);
    }

    /// Returns the entry of the NSEC3 chain that matches a node, from 0. Returns -1 if the zone has
    /// no such chain or opt-out leaves this name out (RFC 5155 section 6).
    public int nsec3(int node) {
        return (flags(node) & Layout.HAS_NSEC3) == 0 ? -1 : reference(node, Layout.HAS_NSEC3);
    }

    private int reference(int node, int flag) {
        int flags = flags(node);
        if ((flags & flag) == 0) {
            return NONE;
        }
        int before = Integer.bitCount(flags & Layout.REFERENCES & (flag - 1));
        return image.get(I32, labelEnd(node) + 4L * before);
    }

    private long labelEnd(int node) {
        return label(node) + 1 + u8(label(node));
    }

    public long references(int node) {
        return labelEnd(node) + 4L * Integer.bitCount(flags(node) & Layout.REFERENCES);
    }

    private int setCount(int node) {
        return u16(offset(node) + Layout.SET_COUNT);
    }

    public long label(int node) {
        return offset(node) + Layout.LABEL;
    }

    /// Reads the name of a node as the zone spells it.
    public void owner(int node, NameBuffer into) {
        into.clear();
        ending(node, nameOctets(node), into);
        into.end();
    }

    /// Appends the suffix of a node's name with the given length in octets.
    private void ending(int node, int octets, NameBuffer into) {
        int at = node;
        while (nameOctets(at) > octets && parent(at) != NONE) {
            at = parent(at);
        }
        while (parent(at) != NONE) {
            into.appendLabel(image, label(at));
            at = parent(at);
        }
        var _ = into.appendLabels(image, Layout.APEX_NAME + Math.max(0, nameOctets(at) - octets));
    }

    // Record sets.

    /// Returns the record set of a type, or {@link #NONE}; for RRSIG, a single signature.
    public int find(int node, int type) {
        long at = references(node);
        int count = setCount(node);
        if (type == RecordType.RRSIG) {
            return signature(at, count);
        }
        for (int i = 0; i < count; i++) {
            int has = u16(at);
            if (has >= type) {
                return has == type ? image.get(I32, at + 2) : NONE;
            }
            at += Layout.SET_REFERENCE_OCTETS;
        }
        return NONE;
    }

    private int signature(long references, int count) {
        for (int i = 0; i < count; i++) {
            int set = image.get(I32, references + (long) i * Layout.SET_REFERENCE_OCTETS + 2);
            if (signatureCount(set) > 0) {
                return ~set;
            }
        }
        return NONE;
    }

    /// Returns the record set of the lowest type, or {@link #NONE} for an empty non-terminal.
    public int first(int node) {
        return setCount(node) == 0 ? NONE : image.get(I32, references(node) + 2);
    }

    /// Returns the TYPE of all records.
    public int type(int set) {
        return u16(records(set) + Layout.TYPE);
    }

    /// Returns the TTL of all records, in seconds.
    public int ttlSeconds(int set) {
        return image.get(I32, records(set) + Layout.TTL);
    }

    /// Returns the number of records, at least one.
    public int recordCount(int set) {
        return set < 0 ? 1 : u16(offset(set) + Layout.RECORDS);
    }

    /// Returns the number of RRSIG records that cover this set; 0 in an unsigned zone.
    public int signatureCount(int set) {
        return set < 0 ? 0 : u16(offset(set) + Layout.SIGNATURES);
    }

    /// Returns the number of hosts named in the records that have addresses in the zone.
    public int hostCount(int set) {
        return set < 0 ? 0 : u16(offset(set) + Layout.HOSTS);
    }

    /// Returns the number of compression pointers in the RDATA of the records.
    public int pointerCount(int set) {
        return set < 0 ? 0 : u16(offset(set) + Layout.POINTERS);
    }

    private long hosts(int set) {
        return offset(set) + Layout.SET_HEADER_OCTETS;
    }

    private long pointers(int set) {
        return hosts(set) + (long) Layout.HOST_OCTETS * u16(offset(set) + Layout.HOSTS);
    }

    /// Returns the offset of the first record in the {@link #image}.
    public long records(int set) {
        if (set < 0) {
            return records(~set) + u16(offset(~set) + Layout.RECORDS_OCTETS);
        }
        return pointers(set) + (long) Layout.POINTER_OCTETS * u16(offset(set) + Layout.POINTERS);
    }

    /// Returns the offset of the first record's RDATA in the {@link #image}.
    public long rdata(int set) {
        return records(set) + Layout.RDATA;
    }

    /// Returns the octets of the records without their signatures, which follow them.
    public int recordsOctets(int set) {
        if (set < 0) {
            return Layout.RDATA + rdataOctets(records(set));
        }
        return u16(offset(set) + Layout.RECORDS_OCTETS);
    }

    /// Returns the octets of the signatures.
    public int signaturesOctets(int set) {
        return set < 0 ? 0 : u16(offset(set) + Layout.SIGNATURES_OCTETS);
    }

    /// Returns the length of a record's RDATA, in which names may end in pointers. The next record
    /// follows it.
    public int rdataOctets(long record) {
        return u16(record + Layout.RDATA_LENGTH);
    }

    /// Returns the offset of a pointer from the first record of a set.
    public int pointerAt(int set, int pointer) {
        return u16(pointers(set) + (long) Layout.POINTER_OCTETS * pointer);
    }

    /// Returns the node of a host named in a set: its own node, or the wildcard that covers it.
    public int hostNode(int set, int host) {
        return image.get(I32, hosts(set) + (long) Layout.HOST_OCTETS * host + 4);
    }

    /// Returns a pointer to a host's name, or 0 if the name must be written out.
    public int hostPointer(int set, int host) {
        return u16(hosts(set) + (long) Layout.HOST_OCTETS * host + 2);
    }

    /// Returns the record set of the same type at the target of an SVCB or HTTPS record in alias
    /// mode, or {@link #NONE}. A resolver queries it next (RFC 9460 section 4.1).
    public int hostService(int set, int host) {
        int type = type(set);
        boolean service = type == RecordType.SVCB || type == RecordType.HTTPS;
        boolean alias = service && u16(hostRecordAt(set, host) + Layout.RDATA) == 0;
        return alias ? find(hostNode(set, host), type) : NONE;
    }

    /// Returns the offset of the record that names a host.
    private long hostRecordAt(int set, int host) {
        int number = hostRecord(set, host);
        long record = records(set);
        for (int i = 0; i < number; i++) {
            record += Layout.RDATA + rdataOctets(record);
        }
        return record;
    }

    /// Reads the name of a host.
    ///
    /// @param node the owner of the set
    public void hostName(int node, int set, int host, NameBuffer into) {
        long record = hostRecordAt(set, host);
        int type = type(set);
        long name = record + Layout.RDATA + RdataNames.hostOffset(type);
        boolean service = type == RecordType.SVCB || type == RecordType.HTTPS;
        if (service && u8(name) == 0) {
            // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
            owner(node, into);
        } else {
            name(node, set, name, into);
        }
    }

    public int hostRecord(int set, int host) {
        return u16(hosts(set) + (long) Layout.HOST_OCTETS * host);
    }

    /// Reads the name to which a pointer refers.
    ///
    /// @param node the owner of the set
    /// @param pointer its low 14 bits
    public void pointed(int node, int set, int pointer, NameBuffer into) {
        if (pointer >= Layout.WITHIN) {
            var _ = name(node, set, records(set) + pointer - Layout.WITHIN, into);
        } else {
            into.clear();
            ending(node, pointer == Layout.OWNER ? nameOctets(node) : pointer, into);
            into.end();
        }
    }

    public int chainLength() {
        return chainLength;
    }

    /// Reads a name in the RDATA of a record.
    ///
    /// @param node the owner of the set
    /// @param at offset of the name in the image
    /// @return the offset after the name
    public long name(int node, int set, long at, NameBuffer into) {
        into.clear();
        long position = into.appendLabels(image, at);
        long end = position + (u8(position) == 0 ? 1 : 2);
        while (u8(position) != 0) {
            int pointer = u16(position) & Layout.POINTER_BITS;
            if (pointer < Layout.WITHIN) {
                ending(node, pointer == Layout.OWNER ? nameOctets(node) : pointer, into);
                break;
            }
            long target = records(set) + pointer - Layout.WITHIN;
            if (target >= position) {
                throw new IndexOutOfBoundsException("a pointer points forwards");
            }
            position = into.appendLabels(image, target);
        }
        into.end();
        return end;
    }

    /// Returns the memory to which the offsets of {@link #records} and similar methods refer.
    public MemorySegment image() {
        return image;
    }

    // Proofs of nonexistence.

    /// Returns how the zone proves nonexistence.
    public Denial denial() {
        return denial;
    }

    /// Returns whether the zone is signed: its SOA record set is, like every record set of a signed
    /// zone (RFC 4035 section 2.2). For other zones, no signatures and proofs are sent: they prove
    /// nothing.
    public boolean isSigned() {
        return signed;
    }

    /// Returns the node with the NSEC record that matches or covers a name: the name's own node or
    /// the last one before it in canonical order (RFC 4034 section 4.1.1).
    ///
    /// @param name at or below the apex
    public int nsecAtOrBefore(NameBuffer name) {
        int low = 0;
        int high = chainLength - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (compare(nsecNode(middle), name) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return nsecNode(low);
    }

    public int nsecNode(int entry) {
        return image.get(I32, chain + (long) Layout.NSEC_ENTRY_OCTETS * entry);
    }

    /// Compares a node's name with a name at or below the apex in canonical order: the highest
    /// labels that differ decide (RFC 4034 section 6.1).
    private int compare(int node, NameBuffer name) {
        int mine = labelCount(node);
        int theirs = name.labelCount();
        int at = node;
        for (int i = mine; i > theirs; i--) {
            at = parent(at);
        }
        int order = Integer.compare(mine, theirs);
        for (int i = theirs - Math.min(mine, theirs); parent(at) != NONE; i++) {
            int label = name.compareLabel(i, image, label(at));
            order = label == 0 ? order : -label;
            at = parent(at);
        }
        return order;
    }

    /// Returns the NSEC3 hash of a name with the parameters of this zone.
    ///
    /// @param folded contains the name in lowercase wire form between the two offsets
    public byte[] hash(Nsec3Hash with, byte[] folded, int from, int to) {
        return with.of(folded, from, to, salt, iterations);
    }

    /// Returns the entry of the NSEC3 chain that matches or covers a hash (RFC 5155 section 1.3).
    public int nsec3MatchOrCover(byte[] hash) {
        return hashes.matchOrCover(hash);
    }

    /// Returns the offset in the {@link #image} of the hash of an NSEC3 entry, 20 octets.
    public long nsec3Hash(int entry) {
        return hashes.hash(entry);
    }

    /// Returns the record set of an entry of the NSEC3 chain.
    public int nsec3Set(int entry) {
        return hashes.set(entry);
    }

    // The zone as a whole.

    /// Returns the zone's name.
    public Name apex() {
        return apex;
    }

    /// Returns whether the zone could be loaded; otherwise it has no data.
    public boolean available() {
        return negativeSoa != NONE;
    }

    /// Returns the SOA record set for negative answers: its TTL is the lower of SOA TTL and MINIMUM
    /// (RFC 2308 section 5).
    public int negativeSoa() {
        return negativeSoa;
    }

    /// Returns the SERIAL of the SOA, an unsigned number in an int; 0 if not available.
    public int serial() {
        return serial;
    }

    /// Returns the EXPIRE of the SOA in seconds, an unsigned number in an int; 0 if not available.
    public int expireSeconds() {
        return expireSeconds;
    }

    /// Returns when the zone's first signature expires, in seconds since 1970; 0 if it has none.
    public long signatureExpirySeconds() {
        return signatureExpirySeconds;
    }

    /// Returns the number of records without duplicates.
    public int recordCount() {
        return recordCount;
    }

    /// Returns the size of the image in octets.
    public long octets() {
        return image.byteSize();
    }

    /// Returns the memory that holds the image.
    public ImageMemory memory() {
        return memory;
    }

    /// Returns the index of this zone's query counters, from 0.
    public int counterSlot() {
        return counterSlot;
    }

    /// Returns whether both images have the same octets.
    public boolean sameContent(Zone other) {
        return image.mismatch(other.image) < 0;
    }

    @Override
    public String toString() {
        return apex
                + (available() ? " serial " + Integer.toUnsignedString(serial()) : " (not loaded)");
    }
}
