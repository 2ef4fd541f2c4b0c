package org.anycastdns.server.zone.change;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.ImageNodes;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.RecordSets;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Nsec3Fields;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Reads the records of a zone out of its image, one owner at a time. Not thread-safe.
final class NodeRecords {

    private final Zone zone;
    private final RecordSets sets;
    private final GivenForm form;
    private final int negativeTtl;
    private final NameBuffer name = new NameBuffer();

    NodeRecords(Zone zone, GivenForm form) {
        this.zone = zone;
        this.sets = zone.sets();
        this.form = form;
        this.negativeTtl = sets.ttlSeconds(zone.negativeSoa());
    }

    /// Returns the present node of a name, or {@link Zone#NONE}.
    int find(Name of) {
        name.set(of.wire(), 0);
        zone.hash(name);
        return zone.findNode(name, 0);
    }

    /// Returns the records that the image has for an owner, in the order of type and RDATA.
    List<ResourceRecord> at(Name owner) {
        int node = find(owner);
        List<ResourceRecord> records = node == Zone.NONE ? List.of() : of(node);
        if (zone.denial() == Denial.NSEC3 && !OwnerRecords.has(records, RecordType.NSEC3)) {
            byte[] hash = Nsec3Fields.ownerHash(owner, zone.apex());
            int entry = hash.length == Nsec3Hash.OCTETS ? entry(hash) : -1;
            if (entry >= 0) {
                records = new ArrayList<>(records);
                records.addAll(ofEntry(entry));
                records.sort(OwnerRecords.ORDER);
            }
        }
        return records;
    }

    /// Gives the records of all owners, each owner once, but not those of some owners.
    void forEach(Predicate<Name> skips, Consumer<ResourceRecord> to) {
        Overlay overlay = zone.overlay();
        IntConsumer nodes =
                first -> node(overlay == null ? first : overlay.present(first), skips, to);
        IntConsumer entries =
                first ->
                        entry(
                                overlay == null
                                        ? first
                                        : overlay.presentEntry(zone.hashChain(), first),
                                skips,
                                to);
        BaseFacts.nodes(zone, nodes);
        int length = zone.denial() == Denial.NSEC3 ? zone.chainLength() : 0;
        for (int entry = 0; entry < length; entry++) {
            entries.accept(entry);
        }
        if (overlay != null) {
            overlay.names().forEach(nodes);
            overlay.hashes().forEach(entries);
        }
    }

    private void node(int node, Predicate<Name> skips, Consumer<ResourceRecord> to) {
        if (node != Zone.NONE && !skips.test(name(node))) {
            of(node).forEach(to);
        }
    }

    private void entry(int entry, Predicate<Name> skips, Consumer<ResourceRecord> to) {
        if (entry == Overlay.GONE) {
            return;
        }
        Name owner = ownerOfEntry(entry);
        int node = find(owner);
        boolean given = node != Zone.NONE && zone.findSet(node, RecordType.NSEC3) != Zone.NONE;
        if (!given && !skips.test(owner)) {
            ofEntry(entry).forEach(to);
        }
    }

    /// Returns the NSEC3 entry with exactly a hash, or -1.
    int entry(byte[] hash) {
        int entry = zone.nsec3MatchOrCover(hash);
        long at = zone.hashChain().hash(entry);
        MemorySegment stored = zone.image().asSlice(at, Nsec3Hash.OCTETS);
        return stored.mismatch(MemorySegment.ofArray(hash)) < 0 ? entry : -1;
    }

    /// Returns the name of a node.
    Name name(int node) {
        zone.names().ofNode(node, name);
        return Name.read(name.wire(), 0);
    }

    /// Returns the records of a node, in the order of type and RDATA.
    List<ResourceRecord> of(int node) {
        Name owner = name(node);
        List<ResourceRecord> records = new ArrayList<>();
        long at = ImageNodes.sets(zone.image(), node);
        for (int i = 0; i < ImageNodes.setCount(zone.image(), node); i++) {
            int set = zone.image().get(Layout.I32, at + Layout.SET_REFERENCE);
            add(owner, node, set, records);
            at += Layout.SET_REFERENCE_OCTETS;
        }
        records.sort(OwnerRecords.ORDER);
        return records;
    }

    /// Returns the records of a present NSEC3 entry.
    List<ResourceRecord> ofEntry(int entry) {
        List<ResourceRecord> records = new ArrayList<>();
        add(ownerOfEntry(entry), Zone.NONE, zone.hashChain().set(entry), records);
        records.sort(OwnerRecords.ORDER);
        return records;
    }

    /// Returns the owner of a present NSEC3 entry.
    Name ownerOfEntry(int entry) {
        byte[] hash =
                zone.image()
                        .asSlice(zone.hashChain().hash(entry), Nsec3Hash.OCTETS)
                        .toArray(Layout.U8);
        byte[] owner = Nsec3Fields.owner(hash, zone.apex().wire());
        for (int i = 1; form.upperCase() && i <= owner[0]; i++) {
            owner[i] -= (byte) (owner[i] >= 'a' ? 'a' - 'A' : 0);
        }
        return Name.read(owner, 0);
    }

    private void add(Name owner, int node, int set, List<ResourceRecord> records) {
        int type = sets.type(set);
        int ttl = sets.ttlSeconds(set);
        boolean denies = type == RecordType.NSEC || type == RecordType.NSEC3;
        ttl = denies && ttl == negativeTtl ? Math.max(ttl, form.ttlSeconds()) : ttl;
        long record = sets.records(set);
        for (int i = 0; i < sets.recordCount(set); i++) {
            records.add(new ResourceRecord(owner, type, ttl, rdata(node, set, type, record)));
            record = sets.next(record);
        }
        for (int i = 0; i < sets.signatureCount(set); i++) {
            byte[] rdata = octets(sets.rdata(record), sets.next(record));
            records.add(new ResourceRecord(owner, RecordType.RRSIG, ttl, rdata));
            record = sets.next(record);
        }
    }

    private byte[] octets(long from, long to) {
        // A slice for each record of a zone would cost more than the copy.
        byte[] octets = new byte[(int) (to - from)];
        MemorySegment.copy(zone.image(), Layout.U8, from, octets, 0, octets.length);
        return octets;
    }

    private byte[] rdata(int node, int set, int type, long record) {
        long at = sets.rdata(record);
        long end = sets.next(record);
        int count = RdataNames.compressible(type);
        if (count == 0) {
            return octets(at, end);
        }
        ByteArrayOutputStream rdata = new ByteArrayOutputStream();
        int prefix = RdataNames.compressibleOffset(type);
        rdata.writeBytes(octets(at, at + prefix));
        at += prefix;
        for (int i = 0; i < count; i++) {
            at = zone.names().inRdata(node, set, at, name);
            rdata.write(name.wire(), 0, name.length());
        }
        rdata.writeBytes(octets(at, end));
        return rdata.toByteArray();
    }
}
