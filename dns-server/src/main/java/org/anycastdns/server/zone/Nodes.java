package org.anycastdns.server.zone;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// The nodes of a zone that is being built, in canonical order, parents before their children: how
/// they hang together, and where they will stand in the image.
///
/// A node is its owner's number, which follows the canonical order too, empty non-terminals after
/// all others and hashed names before these; all of it is in arrays, since a zone may have
/// millions.
final class Nodes {

    static final int NONE = Owners.NONE;

    /// Nodes that are worked on at once by one thread.
    private static final int PART = 4096;

    private static final int HAS_ADDRESSES = 1 << 8;
    private static final int HAS_NSEC3 = 1 << 9;
    private static final int IS_HASHED = 1 << 10;

    final Owners owners;
    final int[] inOrder;

    /// Hashed names, in canonical order.
    final int[] hashed;

    /// Names of the zone below the apex that have NSEC3 records beside others, in canonical order.
    final int[] mixed;

    private final Name apex;
    private int[] parent = new int[0];
    private int[] governor = new int[0];
    // Of no length in a zone without wildcards.
    private int[] wildcard = new int[0];
    // Of no length in a zone without such a chain.
    private int[] nsec3 = new int[0];
    private int[] reference = new int[0];
    private short[] flags = new short[0];
    private char[] setCount = new char[0];
    // What is asked of names again and again, which stand anywhere in the memory.
    private byte[] labels = new byte[0];
    private byte[] labelOctets = new byte[0];
    private byte[] digest = new byte[0];
    private int recordCount;
    private long signatureExpirySeconds;

    /// @param owners get other numbers, and the empty non-terminals
    Nodes(Owners owners, Name apex, Crew crew) {
        this.owners = owners;
        this.apex = apex;
        boolean anyHashed = owners.records().all(RecordType.NSEC3).length > 0;
        int root = owners.apex();
        int[] names = anyHashed ? numbers(false, root) : all();
        hashed = anyHashed ? numbers(true, root) : new int[0];
        CanonicalOrder.sort(owners, apex, names, crew);
        CanonicalOrder.sort(owners, apex, hashed, crew);
        int[] order = Arrays.copyOf(names, owners.withRecords());
        System.arraycopy(hashed, 0, order, names.length, hashed.length);
        owners.renumber(order);
        Arrays.setAll(hashed, i -> names.length + i);
        allocate(owners.count());
        byte[] common = new byte[names.length];
        collect(common, crew);
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
        governor = Arrays.copyOf(governor, count);
        reference = Arrays.copyOf(reference, count);
        flags = Arrays.copyOf(flags, count);
        setCount = Arrays.copyOf(setCount, count);
        labels = Arrays.copyOf(labels, count);
        labelOctets = Arrays.copyOf(labelOctets, count);
        Arrays.fill(parent, before, count, NONE);
        Arrays.fill(governor, before, count, NONE);
    }

    /// All hashed names, or all others.
    private int[] numbers(boolean hashedOnes, int root) {
        int[] numbers = new int[owners.withRecords()];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if ((i != root && hasOnlyNsec3(i)) == hashedOnes) {
                numbers[count++] = i;
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    /// Whether a name has NSEC3 records and nothing but their signatures beside them: such a name
    /// is a hash, and no name of the zone (RFC 5155 section 7.2.8).
    private boolean hasOnlyNsec3(int owner) {
        Records records = owners.records();
        boolean any = false;
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int type = records.type(owners.record(i));
            if (type != RecordType.NSEC3 && type != RecordType.RRSIG) {
                return false;
            }
            any |= type == RecordType.NSEC3;
        }
        return any;
    }

    private int[] all() {
        int[] all = new int[owners.withRecords()];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /// @param common gets how many labels a name has in common with the one before
    private void collect(byte[] common, Crew crew) {
        int parts = (owners.withRecords() + PART - 1) / PART;
        int[] counts = new int[parts];
        long[] expiries = new long[parts];
        byte[][] digests = new byte[parts][];
        crew.each(
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
                            common[owner] = (byte) owners.commonLabels(owner - 1, owner);
                        }
                        expiries[i] = Math.min(expiries[i], expirySeconds(owner));
                        int length = owners.length(owner);
                        int at = names.reserve(length);
                        names.octets(at, owners.octets(owner), owners.offset(owner), length);
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

    /// Notes what the name of a node says about itself.
    private void measure(int node) {
        labels[node] = (byte) owners.labelCount(node);
        labelOctets[node] = (byte) (owners.octets(node)[owners.offset(node)] + 1);
        if (owners.isWildcard(node)) {
            flags[node] |= Layout.IS_WILDCARD;
        }
    }

    /// Puts the records of an owner in order of type and RDATA, and sees what there is; returns how
    /// many there are, each once.
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

    /// When the first signature of an owner expires.
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

    /// Links nodes to their parents, which come before them, and adds those that are missing, the
    /// empty non-terminals; above hashed names there are none (RFC 5155 section 7.1).
    ///
    /// @param common for each of the names that have records, in canonical order from 0, the apex,
    ///   on: the labels that it has in common with the one before
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
                owners.spellEmptyNonTerminal(above[i], node);
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

    /// A name between an owner and the apex that is not linked yet. A hashed name with others below
    /// it is a name of the zone like any other, and has its records.
    private int emptyNonTerminal(int node, int dropped) {
        int present = hashed.length == 0 ? NONE : owners.findEnding(node, dropped);
        if (present == NONE) {
            return owners.addEmptyNonTerminal(node, dropped);
        }
        flags[present] &= ~IS_HASHED;
        return present;
    }

    private void link(int node, int above) {
        parent[node] = above;
        governor[node] = governorBelow(above);
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

    /// What governs names below a node, as {@link Zone#governorBelow} says.
    int governorBelow(int node) {
        boolean governs = (flags[node] & (Layout.IS_DELEGATION | Layout.HAS_DNAME)) != 0;
        return governor[node] == NONE && governs ? node : governor[node];
    }

    /// Number of their record sets.
    int setTotal() {
        int total = 0;
        for (char count : setCount) {
            total += count;
        }
        return total;
    }

    /// Sets room in an image aside for a node.
    ///
    /// @param start where it stands
    void place(int node, long start) {
        reference[node] = ImageWriter.reference(start);
    }

    /// Octets of a node in the image.
    int octets(int node) {
        return Layout.LABEL
                + labelOctets(node)
                + 4 * Integer.bitCount(flags(node) & Layout.REFERENCES)
                + Layout.SET_REFERENCE_OCTETS * setCount[node];
    }

    /// Octets of the first label with its length; of the apex, of the root's.
    private int labelOctets(int node) {
        return parent[node] == NONE ? 1 : labelOctets[node];
    }

    int flags(int node) {
        return (flags[node] & 0xff)
                | (governor[node] == NONE ? 0 : Layout.HAS_GOVERNOR)
                | (wildcard(node) == NONE ? 0 : Layout.HAS_WILDCARD)
                | (nsec3.length == 0 || nsec3[node] < 0 ? 0 : Layout.HAS_NSEC3);
    }

    /// Writes all nodes.
    ///
    /// @param sets references to their record sets, in order
    /// @return how many of these references the nodes have
    int write(MemorySegment image, int[] sets, Crew crew) {
        int parts = (inOrder.length + PART - 1) / PART;
        int[] firstSets = new int[parts + 1];
        for (int i = 0; i < parts; i++) {
            int next = firstSets[i];
            for (int j = i * PART; j < Math.min(inOrder.length, (i + 1) * PART); j++) {
                next += setCount[inOrder[j]];
            }
            firstSets[i + 1] = next;
        }
        crew.each(parts, i -> write(image, i, sets, firstSets[i]));
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
        // Where they go is far apart: doing nothing else in between lets the memory keep up.
        int from = 0;
        for (int i = part * PART; i < end; i++) {
            int node = inOrder[i];
            octets.copyInto(image, Zone.offset(reference[node]), from, octets(node));
            from += octets(node);
        }
    }

    private void write(Octets image, int start, int node, int[] sets, int firstSet) {
        image.i32(start + Layout.PARENT, reference(parent[node]));
        image.u8(start + Layout.FLAGS, flags(node));
        image.u8(start + Layout.NAME_OCTETS, owners.length(node));
        image.u8(start + Layout.LABEL_COUNT, labels[node]);
        image.u16(start + Layout.SET_COUNT, setCount[node]);
        int at = start + Layout.LABEL;
        if (parent[node] != NONE) {
            image.octets(at, owners.octets(node), owners.offset(node), labelOctets(node));
        }
        at += labelOctets(node);
        if (governor[node] != NONE) {
            image.i32(at, reference(governor[node]));
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
                image.i32(at + 2, sets[next++]);
                at += Layout.SET_REFERENCE_OCTETS;
            }
            before = type;
        }
    }

    /// The reference to a node, or {@link Zone#NONE}.
    int reference(int node) {
        return node == NONE ? Zone.NONE : reference[node];
    }

    /// The node above, or {@link #NONE}.
    int parent(int node) {
        return parent[node];
    }

    /// Whether the zone itself speaks at this name: it is not below a delegation or DNAME.
    boolean isAuthoritative(int node) {
        return governor[node] == NONE;
    }

    /// Makes room for the NSEC3 records of all nodes.
    void beginNsec3() {
        nsec3 = new int[flags.length];
        Arrays.fill(nsec3, -1);
    }

    /// Notes which entry of the NSEC3 chain is a node's own, or -1.
    void nsec3(int node, int entry) {
        nsec3[node] = entry;
    }

    Name apex() {
        return apex;
    }

    /// The digest of all names that have records, as they are spelled.
    byte[] digest() {
        return digest;
    }

    int recordCount() {
        return recordCount;
    }

    /// When the first signature expires, in seconds since 1970; 0 when there is none.
    long signatureExpirySeconds() {
        return signatureExpirySeconds;
    }

    /// Where the addresses of a host stand: at its own node, or at the wildcard that covers it when
    /// nothing takes the name out of the zone; {@link #NONE} when there are none.
    ///
    /// @param own the host's own node or {@link #NONE}
    /// @param wire holds its name
    /// @param with the same owners, for the calling thread
    int host(int own, byte[] wire, int offset, Owners with) {
        int node = target(own, wire, offset, with);
        return node != NONE && hasAddresses(node) ? node : NONE;
    }

    boolean hasAddresses(int node) {
        return (flags[node] & HAS_ADDRESSES) != 0;
    }

    /// The node that has the records of a name that a record points at: its own, or the wildcard
    /// that covers it; {@link #NONE} when they are not in the zone.
    ///
    /// @param own the name's own node or {@link #NONE}
    /// @param wire holds the name
    /// @param with the same owners, for the calling thread
    int target(int own, byte[] wire, int offset, Owners with) {
        int node = own;
        if (node == NONE || isHashed(node)) {
            if (!with.isInZone(wire, offset)) {
                return NONE;
            }
            int encloser = with.findAbove(wire, offset);
            while (encloser != NONE && isHashed(encloser)) {
                encloser = with.above(encloser);
            }
            boolean governed = encloser == NONE || governorBelow(encloser) != NONE;
            node = governed ? NONE : wildcard(encloser);
        }
        return node;
    }

    private boolean isHashed(int node) {
        return (flags[node] & IS_HASHED) != 0;
    }
}
