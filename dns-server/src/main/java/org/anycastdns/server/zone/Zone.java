package org.anycastdns.server.zone;

import static org.anycastdns.server.zone.Layout.U8;

import java.lang.foreign.MemorySegment;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// One zone, immutable: a view of its image, whose format {@link Layout} describes.
///
/// A node is an owner name or an empty non-terminal. Nodes and record sets are numbers: references
/// into the image of their own zone. {@link #NONE} stands for no node or set. Methods of this class
/// take nodes, those of its {@link RecordSets} take record sets:
///
/// ```
///   name --findNode, closest--> node --findSet, firstSet--> set --sets().records--> records
///                                 '-- nsec3Entry --> entry --hashChain().set--> set
/// ```
public final class Zone {

    /// No node, no record set.
    public static final int NONE = 0;

    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);
    private static final MemorySegment EXPIRED = MemorySegment.ofArray(new byte[0]);

    private final Name apex;
    private final ImageMemory memory;
    private final MemorySegment image;
    private final int counterSlot;
    private final @Nullable Overlay overlay;
    private final KnownDigest digest;

    // Copied from the image for the answer path and for reports, which may outlive the image.
    private final ImageHeader header;
    private final long seed;
    private final Buckets buckets;
    private final RecordSets sets;
    private final ImageNames names;
    private final int apexNode;
    private final int negativeSoa;
    private final boolean signed;
    private final Denial denial;
    private final NsecChain nsec;
    private final HashChain hashes;
    private final int serial;
    private final int expireSeconds;
    private final boolean hasRoom;

    private Zone(
            Name apex,
            ImageMemory memory,
            MemorySegment image,
            int counterSlot,
            @Nullable Overlay overlay,
            KnownDigest digest) {
        this.apex = apex;
        this.overlay = overlay;
        this.digest = digest;
        this.memory = memory;
        this.image = image;
        this.counterSlot = counterSlot;
        boolean available = image.byteSize() > 0;
        hasRoom = available && image.byteSize() > image.get(Layout.I64, Layout.OCTETS);
        header = available ? ImageHeader.of(image) : ImageHeader.NONE;
        seed = header.seed();
        sets = new RecordSets(image, overlay);
        names = new ImageNames(image, sets);
        negativeSoa = overlay == null ? header.negativeSoa() : overlay.negativeSoa();
        denial = header.denial();
        // Without chains that it does not have: there may be many zones.
        nsec =
                denial == Denial.NSEC
                        ? new NsecChain(image, header.chain(), header.chainLength())
                        : NsecChain.NONE;
        hashes =
                denial == Denial.NSEC3
                        ? new HashChain(image, header.chain(), header.chainLength())
                        : HashChain.NONE;
        int firstApex = available ? Layout.firstApex(apex) : NONE;
        apexNode = overlay == null ? firstApex : overlay.apexNode();
        long apexEnd = available ? ImageNodes.end(image, firstApex) : 0;
        buckets = new Buckets(image, Layout.buckets(apexEnd), header.buckets());
        signed = available && sets.signatureCount(negativeSoa) > 0;
        byte[] soa = sets.soaFields(available ? findSet(apexNode, RecordType.SOA) : NONE);
        serial = SoaFields.serial(soa);
        expireSeconds = SoaFields.expireSeconds(soa);
    }

    /// Returns a view of an image that `zone.build` made or `zone.file` opened.
    ///
    /// @param memory the memory that holds the image
    /// @param counterSlot index of the zone's query counters, from 0
    public static Zone of(ImageMemory memory, MemorySegment image, int counterSlot) {
        long octets = Math.min(Name.OCTETS_MAX, image.byteSize() - Layout.APEX_NAME);
        byte[] name = image.asSlice(Layout.APEX_NAME, octets).toArray(U8);
        return new Zone(Name.read(name, 0), memory, image, counterSlot, null, new KnownDigest());
    }

    /// Returns a placeholder for a configured zone that could not be loaded. Queries for it get
    /// SERVFAIL (RFC 8914 section 4.15), not REFUSED, so that resolvers ask another server.
    public static Zone unavailable(Name apex, int counterSlot) {
        return none(apex, EMPTY, counterSlot);
    }

    /// Returns a placeholder for a zone that had data which must not be served any more. Queries
    /// for it get SERVFAIL (RFC 8914 section 4.25).
    public static Zone expired(Name apex, int counterSlot) {
        return none(apex, EXPIRED, counterSlot);
    }

    private static Zone none(Name apex, MemorySegment why, int slot) {
        return new Zone(apex, ImageMemory.collected(), why, slot, null, new KnownDigest());
    }

    /// Returns a copy of this zone in other memory.
    public Zone copy(ImageMemory into) {
        MemorySegment copied = into.allocate(image.byteSize());
        copied.copyFrom(image);
        Overlay changes = overlay == null ? null : overlay.in(copied);
        return new Zone(apex, into, copied, counterSlot, changes, digest);
    }

    /// Returns the same zone with another index for its query counters.
    public Zone counted(int slot) {
        return new Zone(apex, memory, image, slot, overlay, digest);
    }

    /// Returns this zone with changes.
    ///
    /// @param changes in the room behind the image of this zone
    public Zone with(Overlay changes) {
        return new Zone(apex, memory, image, counterSlot, changes, digest);
    }

    /// Returns this zone with what is known of the digest of its content.
    public Zone with(KnownDigest known) {
        return new Zone(apex, memory, image, counterSlot, overlay, known);
    }

    /// Returns what is known of the digest of this zone's content.
    public KnownDigest digest() {
        return digest;
    }

    /// Returns the changes since the image was built, or null if there are none.
    public @Nullable Overlay overlay() {
        return overlay;
    }

    /// Returns the image without the room behind it.
    ///
    /// @throws IllegalStateException if the zone has changed since the image was built
    public MemorySegment content() {
        if (overlay != null) {
            throw new IllegalStateException("zone " + apex + " has changes that no image has");
        }
        return image.byteSize() == 0
                ? image
                : image.asSlice(0, image.get(Layout.I64, Layout.OCTETS));
    }

    // Nodes.

    /// Returns the node of a name without its first labels, or {@link #NONE}.
    ///
    /// @param name hashed with {@link #hash(NameBuffer)}
    public int findNode(NameBuffer name, int dropped) {
        if (dropped == name.labelCount() - apex.labelCount()) {
            return apexNode;
        }
        int first = findInBuckets(name, dropped);
        return overlay == null
                ? first
                : overlay.present(first == NONE ? findNew(name, dropped) : first);
    }

    /// Returns the first number of a node ({@link Overlay}), even if the name is gone; {@link
    /// #NONE} if the name was never there.
    ///
    /// @param name hashed with {@link #hash(NameBuffer)}
    public int findFirst(NameBuffer name, int dropped) {
        if (dropped == name.labelCount() - apex.labelCount()) {
            return Layout.firstApex(apex);
        }
        int first = findInBuckets(name, dropped);
        return first == NONE ? findNew(name, dropped) : first;
    }

    /// Returns the node of a name that the image does not have. The bucket where it would be says
    /// that there is none, nearly always.
    private int findNew(NameBuffer name, int dropped) {
        long hash = name.hash(dropped);
        return overlay == null || !buckets.passed(buckets.of(hash), hash)
                ? NONE
                : overlay.names().find(image, name, dropped, apex.labelCount());
    }

    private int findInBuckets(NameBuffer name, int dropped) {
        long hash = name.hash(dropped);
        long bucket = buckets.of(hash);
        for (int steps = 0; steps <= Buckets.STEPS_MAX; steps++) {
            name.see(buckets.look(bucket));
            long candidates = buckets.candidates(bucket, hash);
            for (; candidates != 0; candidates = Buckets.withoutFirst(candidates)) {
                int node = buckets.node(bucket, Buckets.slot(candidates));
                if (ImageNodes.isName(image, node, name, dropped, apex.labelCount())) {
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

    /// Returns the buckets, which hold all nodes except the apex.
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
        int highest = findNode(name, top);
        if (highest == NONE) {
            return apexNode;
        }
        if (top == 0 || coveringCutBelow(highest) != NONE) {
            return highest;
        }
        for (int dropped = 0; dropped < top; dropped++) {
            int node = findNode(name, dropped);
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
        return overlay == null ? ImageNodes.parent(image, node) : overlay.parent(node);
    }

    /// Returns the length of the node's name in octets, 1 to 255.
    public int nameOctets(int node) {
        return ImageNodes.nameOctets(image, node);
    }

    /// Returns the number of labels of the node's name.
    public int labelCount(int node) {
        return ImageNodes.labelCount(image, node);
    }

    private int flags(int node) {
        return ImageNodes.flags(image, node);
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
        return overlay == null
                ? ImageNodes.reference(image, node, Layout.HAS_COVERING_CUT)
                : overlay.coveringCut(node);
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
        int first = ImageNodes.reference(image, node, Layout.HAS_WILDCARD);
        return overlay == null ? first : overlay.present(first);
    }

    /// Returns the entry of the NSEC3 chain that matches a node, from 0. Returns -1 if the zone has
    /// no such chain or opt-out leaves this name out (RFC 5155 section 6).
    public int nsec3Entry(int node) {
        if ((flags(node) & Layout.HAS_NSEC3) == 0) {
            return -1;
        }
        int first = ImageNodes.reference(image, node, Layout.HAS_NSEC3);
        return overlay == null ? first : overlay.presentEntry(hashes, first);
    }

    // Record sets.

    /// Returns the record set of a type, or {@link #NONE}. For RRSIG, it is one signature as a
    /// record set of its own: one is enough for QTYPE RRSIG, and more would only amplify.
    public int findSet(int node, int type) {
        return type == RecordType.RRSIG
                ? sets.anySignature(node)
                : ImageNodes.findSet(image, node, type);
    }

    /// Returns the record set of the lowest type, or {@link #NONE} for an empty non-terminal.
    public int firstSet(int node) {
        return ImageNodes.setCount(image, node) == 0
                ? NONE
                : image.get(Layout.I32, ImageNodes.sets(image, node) + Layout.SET_REFERENCE);
    }

    /// Returns the record sets, whose numbers this zone's nodes and chains give.
    public RecordSets sets() {
        return sets;
    }

    /// Returns the names of nodes, and those in record sets.
    public ImageNames names() {
        return names;
    }

    /// Returns the record set of the same type at the target of an SVCB or HTTPS record in alias
    /// mode, or {@link #NONE}. A resolver queries it next (RFC 9460 section 4.1).
    public int hostService(int set, int host) {
        return sets.isAlias(set, host) ? findSet(sets.hostNode(set, host), sets.type(set)) : NONE;
    }

    /// Returns the memory to which the offsets of records and of names refer.
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
        return overlay == null ? nsec.atOrBefore(name) : overlay.nsecAtOrBefore(nsec, name);
    }

    /// Returns the number of entries of the NSEC or NSEC3 chain.
    public int chainLength() {
        return header.chainLength();
    }

    /// Returns the NSEC chain of the image, without changes since; empty if it does not prove.
    public NsecChain nsecChain() {
        return nsec;
    }

    /// Returns the NSEC3 chain of the image, without changes since; empty if it does not prove.
    public HashChain hashChain() {
        return hashes;
    }

    /// Returns the NSEC3 hash of a name with the parameters of this zone.
    ///
    /// @param folded contains the name in lowercase wire form between the two offsets
    public byte[] hash(Nsec3Hash with, byte[] folded, int from, int to) {
        return with.of(folded, from, to, header.salt(), header.iterations());
    }

    /// Returns the entry of the NSEC3 chain that matches or covers a hash (RFC 5155 section 1.3).
    public int nsec3MatchOrCover(byte[] hash) {
        return overlay == null ? hashes.matchOrCover(hash) : overlay.matchOrCover(hashes, hash);
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

    /// Returns whether the zone had data which must not be served any more.
    public boolean isExpired() {
        return image.equals(EXPIRED);
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
        return overlay == null ? header.signatureExpirySeconds() : overlay.signatureExpirySeconds();
    }

    /// Returns the number of records without duplicates.
    public int recordCount() {
        return overlay == null ? header.recordCount() : overlay.recordCount();
    }

    /// Returns whether there is room for changes behind the image. Later versions will be in the
    /// same memory: moving this one would not free it.
    public boolean hasRoom() {
        return hasRoom;
    }

    /// Returns the size of the image with its room for changes, in octets.
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

    /// Returns whether both images have the same octets, with marks of changes, and no changes.
    public boolean sameContent(Zone other) {
        return overlay == null && other.overlay == null && content().mismatch(other.content()) < 0;
    }

    @Override
    public String toString() {
        return apex
                + (available() ? " serial " + Integer.toUnsignedString(serial()) : " (not loaded)");
    }
}
