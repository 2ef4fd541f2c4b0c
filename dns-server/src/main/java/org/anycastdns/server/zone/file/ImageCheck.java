package org.anycastdns.server.zone.file;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Buckets;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ImageNodes;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.RecordSets;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.Zone;
import org.jspecify.annotations.Nullable;

/// Checks that the answer path can rely on an image from outside: every reference has a valid
/// target, every name can be read, and every walk ends. It does not check whether the zone is the
/// one that the operator intended.
final class ImageCheck {

    /// Octets of RRSIG RDATA before the signer's name (RFC 4034 section 3.1).
    private static final int SIGNATURE_OCTETS_MIN = 18;

    /// Range of the image that one task checks, in units of 4 octets.
    private static final int STEP = 1 << 20;

    private final Zone zone;
    private final MemorySegment image;
    private final BitSet nodes;
    private final RecordSets sets;
    // Sets whose records are checked.
    private final BitSet sound = new BitSet();
    private final NameBuffer name = new NameBuffer();
    private final NameBuffer other = new NameBuffer();

    /// Creates a checker.
    ///
    /// @param nodes the nodes of the zone; filled by {@link #buckets}
    private ImageCheck(Zone zone, BitSet nodes) {
        this.nodes = nodes;
        this.zone = zone;
        this.image = zone.image();
        this.sets = zone.sets();
    }

    /// Returns the zone in an image, which is not fully checked.
    ///
    /// @throws BadImageException if the header or the apex cannot be read
    static Zone open(MemorySegment image, ImageMemory memory) throws BadImageException {
        require(image.byteSize() > Layout.APEX_NAME, null, "is too short");
        try {
            return Zone.of(memory, image, 0);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new BadImageException("a zone refers to what is not there", e);
        }
    }

    /// Checks the image of a zone.
    ///
    /// @throws BadImageException if the image is not sound
    static void check(Zone zone, ParallelRunner runner) throws BadImageException {
        try {
            new ImageCheck(zone, new BitSet()).run(runner);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new BadImageException("zone " + zone.apex() + " refers to what is not there", e);
        }
    }

    private static void require(boolean sound, @Nullable Object where, String otherwise)
            throws BadImageException {
        if (!sound) {
            throw new BadImageException(where == null ? otherwise : where + ": " + otherwise);
        }
    }

    private void require(boolean sound, String otherwise) throws BadImageException {
        require(sound, zone, otherwise);
    }

    private int i32(long at) {
        return image.get(Layout.I32, at);
    }

    private int u16(long at) {
        return image.get(Layout.U16, at) & 0xffff;
    }

    private int u8(long at) {
        return image.get(Layout.U8, at) & 0xff;
    }

    private void run(ParallelRunner runner) throws BadImageException {
        require(image.get(Layout.I64, Layout.OCTETS) == image.byteSize(), "has another size");
        require(zone.recordCount() >= 0, "has a negative number of records");
        buckets();
        int apex = zone.apexNode();
        require(isNode(apex) && zone.parent(apex) == Zone.NONE, "has no apex");
        require(
                zone.labelCount(apex) == zone.apex().labelCount()
                        && zone.nameOctets(apex) == zone.apex().length(),
                "has another apex");
        // The second pass reads whole names, which is safe only once all parents are sound.
        nodes(runner, ImageCheck::parent);
        nodes(runner, ImageCheck::node);
        require(zone.findSet(apex, RecordType.SOA) != Zone.NONE, "has no SOA record");
        set(apex, zone.negativeSoa(), RecordType.SOA);
        chain();
    }

    /// A check of one node.
    @FunctionalInterface
    private interface Rule {
        void check(ImageCheck with, int node) throws BadImageException;
    }

    /// Checks all nodes; throws the first fault in the order of the image.
    private void nodes(ParallelRunner runner, Rule rule) throws BadImageException {
        int end = nodes.length();
        int steps = end / STEP + 1;
        @Nullable Exception[] faults = new @Nullable Exception[steps];
        runner.each(
                steps,
                step -> {
                    ImageCheck part = new ImageCheck(zone, nodes);
                    try {
                        int to = (int) Math.min(end, (step + 1L) * STEP);
                        int node = nodes.nextSetBit(step * STEP);
                        for (; node >= 0 && node < to; node = nodes.nextSetBit(node + 1)) {
                            rule.check(part, node);
                        }
                    } catch (BadImageException
                            | IndexOutOfBoundsException
                            | IllegalArgumentException e) {
                        faults[step] = e;
                    }
                });
        for (Exception fault : faults) {
            switch (fault) {
                case null -> {}
                case BadImageException e -> throw e;
                case RuntimeException e -> throw e;
                default -> throw new IllegalStateException("no other is caught", fault);
            }
        }
    }

    /// Collects all nodes: the apex, and the nodes in the buckets.
    private void buckets() throws BadImageException {
        Buckets buckets = zone.buckets();
        int count = buckets.count();
        require(
                count > 0 && buckets.at(count - 1) + Buckets.NODES <= image.byteSize(),
                "has buckets that are cut off");
        require(
                count == 1 || buckets.at(count) <= image.byteSize(),
                "has buckets that are cut off");
        note(zone.apexNode());
        int nodeCount = 1;
        for (int i = 0; i < count; i++) {
            long bucket = buckets.at(i);
            int taken = buckets.taken(bucket);
            require(taken >= 0, "has a bucket with a gap");
            for (int slot = 0; slot < taken; slot++) {
                int node = buckets.node(bucket, slot);
                note(node);
                int octets = (int) (ImageNodes.end(image, node) - Layout.offset(node));
                require(
                        buckets.units(bucket, slot) == Buckets.units(octets),
                        "has a node of another length");
            }
            nodeCount += taken;
        }
        require(nodeCount == i32(Layout.NODE_COUNT), "lacks nodes");
    }

    private void note(int node) throws BadImageException {
        // A noted node takes memory in the bit set; a reference beyond the image must not decide
        // how much.
        require(
                node > 0
                        && Layout.offset(node) < image.byteSize()
                        && ImageNodes.end(image, node) <= image.byteSize(),
                "has a node outside");
        require(!nodes.get(node), "has a node twice");
        nodes.set(node);
    }

    private boolean isNode(int reference) {
        return reference > 0 && nodes.get(reference);
    }

    /// Checks that each node except the apex has a parent with exactly one label fewer. Every walk
    /// towards the root therefore ends.
    private void parent(int node) throws BadImageException {
        int parent = zone.parent(node);
        int octets = u8(ImageNodes.label(node));
        if (parent == Zone.NONE) {
            require(node == zone.apexNode(), "has two apexes");
            require(octets == 0, "has a bad label");
            return;
        }
        require(isNode(parent), "has a node without parent");
        require(octets >= 1 && octets <= Name.LABEL_OCTETS_MAX, "has a bad label");
        require(
                zone.nameOctets(node) == zone.nameOctets(parent) + octets + 1
                        && zone.labelCount(node) == zone.labelCount(parent) + 1,
                "has a name of another length");
    }

    private void node(int node) throws BadImageException {
        int flags = ImageNodes.flags(image, node);
        int parent = zone.parent(node);
        long label = ImageNodes.label(node);
        boolean star =
                parent == Zone.NONE
                        ? zone.apex().isWildcard()
                        : u8(label) == 1 && u8(label + 1) == '*';
        require(star == ((flags & Layout.IS_WILDCARD) != 0), "has a false wildcard");
        zone.names().ofNode(node, name);
        zone.hash(name);
        require(zone.findNode(name, 0) == node, "has a name in the wrong place");
        links(node, flags);
        int before = -1;
        for (int i = 0; i < ImageNodes.setCount(image, node); i++) {
            long reference = ImageNodes.sets(image, node) + (long) Layout.SET_REFERENCE_OCTETS * i;
            int type = u16(reference);
            require(type > before, "has record sets out of order");
            before = type;
            set(node, i32(reference + Layout.SET_REFERENCE), type);
        }
        boolean ns = parent != Zone.NONE && zone.findSet(node, RecordType.NS) != Zone.NONE;
        boolean dname = zone.findSet(node, RecordType.DNAME) != Zone.NONE;
        require(ns == ((flags & Layout.IS_DELEGATION) != 0), "has a false delegation");
        require(dname == ((flags & Layout.HAS_DNAME) != 0), "has a false DNAME");
    }

    private void links(int node, int flags) throws BadImageException {
        int wildcard = zone.wildcard(node);
        require(
                (flags & Layout.HAS_WILDCARD) == 0
                        || (isNode(wildcard)
                                && zone.parent(wildcard) == node
                                && zone.isWildcard(wildcard)),
                "has a wildcard elsewhere");
        require(zone.nsec3Entry(node) < zone.chainLength(), "has an NSEC3 match outside the chain");
        int parent = zone.parent(node);
        // If this holds for every node, the parent's covering cut is right too.
        int above = parent == Zone.NONE ? Zone.NONE : zone.coveringCutBelow(parent);
        require(zone.coveringCut(node) == above, "has a false covering cut");
    }

    /// Checks a record set of a node.
    private void set(int node, int set, int type) throws BadImageException {
        long at = Layout.offset(set);
        require(set > 0 && at + Layout.SET_HEADER_OCTETS <= image.byteSize(), "lacks a record set");
        long first = sets.records(set);
        long end = first + sets.recordsOctets(set);
        if (!sound.get(set)) {
            require(sets.recordCount(set) > 0, "has an empty record set");
            require(end + sets.signaturesOctets(set) <= image.byteSize(), "cuts a record set off");
            records(first, end, sets.recordCount(set), type);
            records(
                    end,
                    end + sets.signaturesOctets(set),
                    sets.signatureCount(set),
                    RecordType.RRSIG);
            sound.set(set);
        }
        require(sets.type(set) == type, "has a record set of another type");
        names(node, set, type);
        for (int i = 0; i < sets.hostCount(set); i++) {
            host(node, set, type, i);
        }
    }

    private void records(long from, long end, int count, int type) throws BadImageException {
        long at = from;
        for (int i = 0; i < count; i++) {
            require(at + Layout.RDATA <= end, "has a record set that is cut off");
            require(
                    u16(at + Layout.TYPE) == type && u16(at + Layout.CLASS) == RecordClass.IN,
                    "has a record of another type");
            int octets = sets.rdataOctets(at);
            require(
                    type != RecordType.RRSIG || octets >= SIGNATURE_OCTETS_MIN,
                    "has a signature that is cut off");
            at += Layout.RDATA + octets;
        }
        require(at == end, "has a record set of another size");
    }

    /// Checks the names in the RDATA of a record set and the list of their compression pointers.
    private void names(int node, int set, int type) throws BadImageException {
        int count = type == RecordType.DNAME ? 1 : RdataNames.compressible(type);
        int pointers = 0;
        long record = sets.records(set);
        for (int i = 0; i < sets.recordCount(set); i++) {
            long at = record + Layout.RDATA;
            long end = at + sets.rdataOctets(record);
            at += count == 0 ? 0 : RdataNames.compressibleOffset(type);
            for (int j = 0; j < count; j++) {
                long labelsEnd = labelsEnd(at);
                at = zone.names().inRdata(node, set, at, name);
                require(at <= end, "has a name that is cut off");
                if (u8(labelsEnd) != 0) {
                    long place = labelsEnd - sets.records(set);
                    require(
                            pointers < sets.pointerCount(set)
                                    && sets.pointerAt(set, pointers) == place,
                            "has a pointer that is not listed");
                    ending(node, u16(labelsEnd) & Layout.POINTER_BITS);
                    pointers++;
                }
            }
            int rest = type == RecordType.SOA ? SoaFields.OCTETS : 0;
            require(count == 0 || at + rest == end, "has RDATA of another length");
            record = end;
        }
        require(pointers == sets.pointerCount(set), "lists pointers that are not there");
    }

    /// Returns the offset after the labels of a name: that of the root label or of a pointer.
    private long labelsEnd(long name) throws BadImageException {
        long at = name;
        while (u8(at) > 0 && u8(at) <= Name.LABEL_OCTETS_MAX) {
            at += u8(at) + 1;
        }
        require(u8(at) == 0 || u8(at) >= Layout.POINTER >> 8, "has a bad label in RDATA");
        return at;
    }

    /// Checks that the owner has a suffix of the length that a pointer asks for.
    private void ending(int node, int pointer) throws BadImageException {
        if (pointer == Layout.OWNER || pointer >= Layout.WITHIN) {
            return;
        }
        zone.names().ofNode(node, other);
        int dropped = 0;
        while (dropped < other.labelCount() && other.length() - other.start(dropped) > pointer) {
            dropped++;
        }
        require(other.length() - other.start(dropped) == pointer, "points into a label");
    }

    private void host(int node, int set, int type, int host) throws BadImageException {
        require(RdataNames.hostOffset(type) >= 0, "has hosts where there are none");
        require(sets.hostRecord(set, host) < sets.recordCount(set), "has a host of no record");
        require(isNode(sets.hostNode(set, host)), "has a host that is not there");
        zone.names().ofHost(node, set, host, RdataNames.hostOffset(type), name);
        int pointer = sets.hostPointer(set, host);
        if (pointer == Layout.NO_POINTER) {
            return;
        }
        require((pointer & Layout.POINTER) == Layout.POINTER, "has a bad pointer to a host");
        ending(node, pointer & Layout.POINTER_BITS);
        zone.names().pointed(node, set, pointer, other);
        require(name.sameAs(other), "points to another host");
    }

    private void chain() throws BadImageException {
        int length = zone.chainLength();
        boolean signed = zone.denial() != Denial.UNSIGNED;
        require(signed ? length > 0 : length == 0, "has a bad chain");
        for (int i = 0; i < length; i++) {
            if (zone.denial() == Denial.NSEC) {
                int node = zone.nsecChain().node(i);
                require(
                        isNode(node) && zone.findSet(node, RecordType.NSEC) != Zone.NONE,
                        "has an NSEC record that is not there");
            } else {
                set(zone.apexNode(), zone.hashChain().set(i), RecordType.NSEC3);
            }
        }
    }
}
