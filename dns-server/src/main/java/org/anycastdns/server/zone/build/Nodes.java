package org.anycastdns.server.zone.build;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.Zone;

/// The nodes of a zone under construction, in canonical order, parents before children. It stores
/// their relations and their offsets in the image.
///
/// A node is the number of its owner. These numbers follow the canonical order too: ordinary names
/// first, then hashed names, then empty non-terminals. All data is in arrays, because a zone may
/// have millions of nodes. A covering cut is the delegation or DNAME above a node.
final class Nodes {

    static final int NONE = OwnerTable.NONE;

    /// Number of nodes that one task handles.
    private static final int PART = 4096;

    private static final int HAS_ADDRESSES = 1 << 8;
    private static final int HAS_NSEC3 = 1 << 9;
    private static final int IS_HASHED = 1 << 10;

    final OwnerTable owners;
    final int[] inOrder;

    /// Hashed owner names of NSEC3 records, in canonical order.
    final int[] hashed;

    /// Names below the apex that have NSEC3 records and other records, in canonical order.
    final int[] mixed;

    private final OwnerNames ownerNames;
    private final Name apex;
    private int[] parent = new int[0];
    private int[] coveringCut = new int[0];
    // Empty in a zone without wildcards.
    private int[] wildcard = new int[0];
    // Empty in a zone without an NSEC3 chain.
    private int[] nsec3 = new int[0];
    private int[] reference = new int[0];
    private short[] flags = new short[0];
    private char[] setCount = new char[0];
    // Copies of frequently used facts about the names, which are scattered in memory.
    private byte[] labels = new byte[0];
    private byte[] labelOctets = new byte[0];
    private byte[] digest = new byte[0];
    private int recordCount;
    private long signatureExpirySeconds;

    /// Sorts and links the nodes; renumbers the owners and adds the empty non-terminals to them.
    Nodes(OwnerTable owners, Name apex, ParallelRunner runner) {
        this.owners = owners;
        this.ownerNames = owners.names();
        this.apex = apex;
        boolean anyHashed = owners.records().all(RecordType.NSEC3).length > 0;
        int root = owners.apex();
        int[] names = anyHashed ? numbers(false, root) : all();
        hashed = anyHashed ? numbers(true, root) : new int[0];
        CanonicalOrder.sort(owners, apex, names, runner);
        CanonicalOrder.sort(owners, apex, hashed, runner);
        int[] order = Arrays.copyOf(names, owners.withRecords());
        System.arraycopy(hashed, 0, order, names.length, hashed.length);
        owners.renumber(order);
        Arrays.setAll(hashed, i -> names.length + i);
        allocate(owners.count());
        byte[] common = new byte[names.length];
        collect(common, runner);
        for (int owner : hashed) {
            flags[owner] |= IS_HASHED;
        }
        mixed =
                anyHashed
                        ? IntStream.range(1, names.length)
                                .filter(i -> (flags[i] & HAS_NSEC3) != 0)
                                .toArray()
                        : hashed;
        inOrder = link(common);
    }

    private void allocate(int count) {
        int before = flags.length;
        parent = Arrays.copyOf(parent, count);
        coveringCut = Arrays.copyOf(coveringCut, count);
        reference = Arrays.copyOf(reference, count);
        flags = Arrays.copyOf(flags, count);
        setCount = Arrays.copyOf(setCount, count);
        labels = Arrays.copyOf(labels, count);
        labelOctets = Arrays.copyOf(labelOctets, count);
        Arrays.fill(parent, before, count, NONE);
        Arrays.fill(coveringCut, before, count, NONE);
    }

    /// Returns either all hashed names or all other names.
    private int[] numbers(boolean hashedOnes, int root) {
        int[] numbers = new int[owners.withRecords()];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if ((i != root && owners.hasOnlyNsec3(i)) == hashedOnes) {
                numbers[count++] = i;
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    private int[] all() {
        int[] all = new int[owners.withRecords()];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /// Collects facts about all names; sets how many labels each one shares with the one before.
    private void collect(byte[] common, ParallelRunner runner) {
        int parts = (owners.withRecords() + PART - 1) / PART;
        int[] counts = new int[parts];
        long[] expiries = new long[parts];
        byte[][] digests = new byte[parts][];
        runner.each(
                parts,
                i -> {
                    expiries[i] = Long.MAX_VALUE;
                    Octets names = new Octets();
                    for (int owner = i * PART;
                            owner < Math.min(owners.withRecords(), (i + 1) * PART);
                            owner++) {
                        owners.lookAt(owner);
                        counts[i] += collect(owner);
                        measure(owner);
                        if (owner > 0 && owner < common.length) {
                            common[owner] = (byte) ownerNames.commonLabels(owner - 1, owner);
                        }
                        expiries[i] = Math.min(expiries[i], expirySeconds(owner));
                        int length = ownerNames.length(owner);
                        int at = names.reserve(length);
                        names.octets(
                                at, ownerNames.octets(owner), ownerNames.offset(owner), length);
                    }
                    MessageDigest sha256 = Sha256.begin();
                    sha256.update(names.array(), 0, names.end());
                    digests[i] = sha256.digest();
                });
        digest = Sha256.of(digests);
        recordCount = Arrays.stream(counts).sum();
        long expiry = Arrays.stream(expiries).min().orElse(Long.MAX_VALUE);
        signatureExpirySeconds = expiry == Long.MAX_VALUE ? 0 : expiry;
    }

    /// Stores the properties of a node that follow from its name.
    private void measure(int node) {
        labels[node] = (byte) ownerNames.labelCount(node);
        labelOctets[node] = (byte) (ownerNames.octets(node)[ownerNames.offset(node)] + 1);
        if (owners.isWildcard(node)) {
            flags[node] |= Layout.IS_WILDCARD;
        }
    }

    /// Sorts the records of an owner by type and RDATA and stores which types there are; returns
    /// the number of records without duplicates.
    private int collect(int owner) {
        Records records = owners.records();
        owners.sort(owner);
        int count = 0;
        int before = NONE;
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            boolean first = before == NONE || records.type(before) != type;
            if (first || records.compareRdata(before, record) != 0) {
                count++;
            }
            before = record;
            if (first && type != RecordType.RRSIG) {
                setCount[owner]++;
                flags[owner] |= (short) flag(type);
            }
        }
        return count;
    }

    /// Returns when the first signature of an owner expires.
    private long expirySeconds(int owner) {
        Records records = owners.records();
        long expiry = Long.MAX_VALUE;
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            if (records.type(record) == RecordType.RRSIG) {
                expiry =
                        Math.min(
                                expiry,
                                RrsigFields.expirySeconds(
                                        records.octets(record), records.rdataOffset(record)));
            }
        }
        return expiry;
    }

    private static int flag(int type) {
        return switch (type) {
            case RecordType.NS -> Layout.IS_DELEGATION;
            case RecordType.DNAME -> Layout.HAS_DNAME;
            case RecordType.A, RecordType.AAAA -> HAS_ADDRESSES;
            case RecordType.NSEC3 -> HAS_NSEC3;
            default -> 0;
        };
    }

    /// Links nodes to their parents and adds missing nodes, the empty non-terminals. Hashed names
    /// get none above them (RFC 5155 section 7.1).
    ///
    /// @param common for each name with records, in canonical order from the apex (0): the number
    ///   of labels that it shares with the name before
    /// @return all nodes in canonical order
    private int[] link(byte[] common) {
        int names = common.length;
        int[] linked = new int[names];
        int count = 0;
        int[] above = new int[Name.LABELS_MAX + 1];
        int depth = 0;
        for (int node = 0; node < names; node++) {
            while (depth > 0 && labels[above[depth - 1]] > common[node]) {
                depth--;
            }
            int missing = depth == 0 ? -1 : labels[node] - labels[above[depth - 1]] - 1;
            for (int i = depth - 1; i >= 0 && above[i] >= owners.withRecords(); i--) {
                ownerNames.spellEmptyNonTerminal(above[i], node);
            }
            for (int dropped = missing; dropped >= 0; dropped--) {
                int next = dropped == 0 ? node : emptyNonTerminal(node, dropped);
                if (next == flags.length) {
                    allocate(next + next / 8 + 8);
                }
                if (dropped > 0) {
                    measure(next);
                }
                link(next, above[depth - 1]);
                above[depth++] = next;
                if (count == linked.length) {
                    linked = Arrays.copyOf(linked, count + count / 8 + 8);
                }
                linked[count++] = next;
            }
            if (depth == 0) {
                flags[node] &= ~Layout.IS_DELEGATION;
                above[depth++] = node;
                linked[count++] = node;
            }
        }
        return Arrays.copyOf(linked, count);
    }

    /// Returns a node between an owner and the apex that is not linked yet. A hashed name with
    /// names below it is an ordinary name of the zone and has its records.
    private int emptyNonTerminal(int node, int dropped) {
        int present = hashed.length == 0 ? NONE : ownerNames.findEnding(node, dropped);
        if (present == NONE) {
            return ownerNames.addEmptyNonTerminal(node, dropped);
        }
        flags[present] &= ~IS_HASHED;
        return present;
    }

    private void link(int node, int above) {
        parent[node] = above;
        coveringCut[node] = coveringCutBelow(above);
        if ((flags[node] & Layout.IS_WILDCARD) != 0) {
            wildcard(above, node);
        }
    }

    private void wildcard(int above, int node) {
        if (above >= wildcard.length) {
            int before = wildcard.length;
            wildcard = Arrays.copyOf(wildcard, flags.length);
            Arrays.fill(wildcard, before, wildcard.length, NONE);
        }
        wildcard[above] = node;
    }

    private int wildcard(int node) {
        return node < wildcard.length ? wildcard[node] : NONE;
    }

    /// Returns the covering cut of names below a node, like {@link Zone#coveringCutBelow}.
    int coveringCutBelow(int node) {
        boolean governs = (flags[node] & (Layout.IS_DELEGATION | Layout.HAS_DNAME)) != 0;
        return coveringCut[node] == NONE && governs ? node : coveringCut[node];
    }

    int setTotal() {
        int total = 0;
        for (char count : setCount) {
            total += count;
        }
        return total;
    }

    /// Sets the offset of a node in the image.
    ///
    /// @param start offset of the node
    void place(int node, long start) {
        reference[node] = Layout.reference(start);
    }

    /// Returns the size of a node in the image, in octets.
    int octets(int node) {
        return Layout.LABEL
                + labelOctets(node)
                + 4 * Integer.bitCount(flags(node) & Layout.REFERENCES)
                + Layout.SET_REFERENCE_OCTETS * setCount[node];
    }

    /// Returns the size of the first label with its length octet; for the apex, of the root label.
    private int labelOctets(int node) {
        return parent[node] == NONE ? 1 : labelOctets[node];
    }

    int flags(int node) {
        return (flags[node] & 0xff)
                | (coveringCut[node] == NONE ? 0 : Layout.HAS_COVERING_CUT)
                | (wildcard(node) == NONE ? 0 : Layout.HAS_WILDCARD)
                | (nsec3.length == 0 || nsec3[node] < 0 ? 0 : Layout.HAS_NSEC3);
    }

    /// Writes all nodes.
    ///
    /// @param sets references to their record sets, in order
    /// @return the number of references that the nodes use
    int write(MemorySegment image, int[] sets, ParallelRunner runner) {
        int parts = (inOrder.length + PART - 1) / PART;
        int[] firstSets = new int[parts + 1];
        for (int i = 0; i < parts; i++) {
            int next = firstSets[i];
            for (int j = i * PART; j < Math.min(inOrder.length, (i + 1) * PART); j++) {
                next += setCount[inOrder[j]];
            }
            firstSets[i + 1] = next;
        }
        runner.each(parts, i -> write(image, i, sets, firstSets[i]));
        return firstSets[parts];
    }

    private void write(MemorySegment image, int part, int[] sets, int firstSet) {
        int end = Math.min(inOrder.length, (part + 1) * PART);
        Octets octets = new Octets();
        int next = firstSet;
        for (int i = part * PART; i < end; i++) {
            int node = inOrder[i];
            owners.lookAt(inOrder, i);
            write(octets, octets.reserve(octets(node)), node, sets, next);
            next += setCount[node];
        }
        // Nodes are scattered in the image. A loop that only copies keeps many memory writes under
        // way.
        int from = 0;
        for (int i = part * PART; i < end; i++) {
            int node = inOrder[i];
            octets.copyInto(image, Layout.offset(reference[node]), from, octets(node));
            from += octets(node);
        }
    }

    private void write(Octets image, int start, int node, int[] sets, int firstSet) {
        image.i32(start + Layout.PARENT, reference(parent[node]));
        image.u8(start + Layout.FLAGS, flags(node));
        image.u8(start + Layout.NAME_OCTETS, ownerNames.length(node));
        image.u8(start + Layout.LABEL_COUNT, labels[node]);
        image.u16(start + Layout.SET_COUNT, setCount[node]);
        int at = start + Layout.LABEL;
        if (parent[node] != NONE) {
            image.octets(at, ownerNames.octets(node), ownerNames.offset(node), labelOctets(node));
        }
        at += labelOctets(node);
        if (coveringCut[node] != NONE) {
            image.i32(at, reference(coveringCut[node]));
            at += 4;
        }
        if (wildcard(node) != NONE) {
            image.i32(at, reference(wildcard(node)));
            at += 4;
        }
        if (nsec3.length > 0 && nsec3[node] >= 0) {
            image.i32(at, nsec3[node]);
            at += 4;
        }
        Records records = owners.records();
        int next = firstSet;
        int before = 0;
        for (int i = owners.start(node); i < owners.end(node); i++) {
            int type = records.type(owners.record(i));
            if (type != before && type != RecordType.RRSIG) {
                image.u16(at, type);
                image.i32(at + Layout.SET_REFERENCE, sets[next++]);
                at += Layout.SET_REFERENCE_OCTETS;
            }
            before = type;
        }
    }

    /// Returns the reference to a node, or {@link Zone#NONE}.
    int reference(int node) {
        return node == NONE ? Zone.NONE : reference[node];
    }

    /// Returns the parent, or {@link #NONE} for the apex.
    int parent(int node) {
        return parent[node];
    }

    /// Returns whether the zone is authoritative for this name: it is not below a delegation or
    /// DNAME.
    boolean isAuthoritative(int node) {
        return coveringCut[node] == NONE;
    }

    void beginNsec3() {
        nsec3 = new int[flags.length];
        Arrays.fill(nsec3, -1);
    }

    /// Sets the entry of the NSEC3 chain that matches a node, or -1.
    void nsec3(int node, int entry) {
        nsec3[node] = entry;
    }

    Name apex() {
        return apex;
    }

    /// Returns the digest of all names that have records, as they are spelled.
    byte[] digest() {
        return digest;
    }

    int recordCount() {
        return recordCount;
    }

    /// Returns when the first signature expires, in seconds since 1970; 0 if there is none.
    long signatureExpirySeconds() {
        return signatureExpirySeconds;
    }

    /// Returns the node with the addresses of a host: its own node, or the wildcard that covers it
    /// in authoritative data; {@link #NONE} if the zone has no addresses for it.
    ///
    /// @param own the host's own node, or {@link #NONE}
    /// @param wire contains the host name
    /// @param with the same owners, for use by the calling thread
    int host(int own, byte[] wire, int offset, OwnerTable with) {
        int node = target(own, wire, offset, with);
        return node != NONE && hasAddresses(node) ? node : NONE;
    }

    boolean hasAddresses(int node) {
        return (flags[node] & HAS_ADDRESSES) != 0;
    }

    /// Returns the node with the records of a name that a record refers to: its own node, or the
    /// wildcard that covers it in authoritative data; {@link #NONE} if the zone has neither.
    ///
    /// @param own the name's own node, or {@link #NONE}
    /// @param wire contains the name
    /// @param with the same owners, for use by the calling thread
    int target(int own, byte[] wire, int offset, OwnerTable with) {
        if (own != NONE && !isHashed(own)) {
            return own;
        }
        if (!with.isInZone(wire, offset)) {
            return NONE;
        }
        // Owners were looked up before the empty non-terminals were added.
        int present = with.find(wire, offset);
        if (present != NONE && !isHashed(present)) {
            return present;
        }
        int encloser = with.findAbove(wire, offset);
        while (encloser != NONE && isHashed(encloser)) {
            encloser = with.above(encloser);
        }
        boolean belowCut = encloser == NONE || coveringCutBelow(encloser) != NONE;
        return belowCut ? NONE : wildcard(encloser);
    }

    private boolean isHashed(int node) {
        return (flags[node] & IS_HASHED) != 0;
    }
}
