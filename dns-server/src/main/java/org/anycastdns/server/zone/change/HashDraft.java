package org.anycastdns.server.zone.change;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.HashChain;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.NumberList;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Nsec3Fields;
import org.anycastdns.server.zone.build.OverlayEncoder;
import org.anycastdns.server.zone.build.ResourceRecord;

/// The NSEC3 entries of a change, written into the room. An entry keeps its first number, even
/// while it is gone: nodes refer to it.
final class HashDraft {

    private final Zone zone;
    private final HashChain chain;
    private final Room room;
    private final Nsec3Hash hasher = new Nsec3Hash();
    private final Set<ByteBuffer> unmatched = new HashSet<>();
    private final List<Integer> gone = new ArrayList<>();
    private IntTable entries = IntTable.EMPTY;
    private NumberList hashes = NumberList.EMPTY;

    HashDraft(Zone zone, Room room) {
        this.zone = zone;
        this.room = room;
        chain = zone.hashChain();
        Overlay overlay = zone.overlay();
        if (overlay != null) {
            entries = overlay.entries();
            hashes = overlay.hashes();
        }
    }

    /// Writes the entries of the touched NSEC3 owners.
    ///
    /// @param parameters RDATA of the NSEC3PARAM record
    /// @param negativeTtl the highest TTL of NSEC3 records, in seconds
    void write(
            List<OwnerRecords> owners, byte[] parameters, int negativeTtl, OverlayEncoder encoder)
            throws NeedsBuildException {
        if (owners.isEmpty()) {
            return;
        }
        entries = entries.copy();
        Nsec3Fields fields = new Nsec3Fields(parameters);
        byte[] apexHash = hash(zone.apex());
        for (OwnerRecords owner : owners) {
            byte[] hash = Nsec3Fields.ownerHash(owner.owner(), zone.apex());
            NeedsBuildException.unless(
                    hash.length == Nsec3Hash.OCTETS, "an NSEC3 record has an owner without hash");
            int first = first(hash);
            if (owner.after().isEmpty()) {
                NeedsBuildException.unless(
                        !Arrays.equals(hash, apexHash), "the NSEC3 record of the apex is gone");
                NeedsBuildException.unless(first >= 0, "an NSEC3 record was not in the chain");
                entries.put(first, Overlay.GONE);
                chain.touch(first);
                gone.add(first);
                continue;
            }
            List<ResourceRecord> records = OwnerRecords.ofType(owner.after(), RecordType.NSEC3);
            NeedsBuildException.unless(
                    records.stream().allMatch(each -> fields.sameParameters(each.rdata())),
                    "an NSEC3 record has other parameters than the chain");
            int ttl = records.stream().mapToInt(ResourceRecord::ttlSeconds).min().orElse(0);
            byte[] set =
                    encoder.set(
                            owner.owner(),
                            RecordType.NSEC3,
                            Math.min(ttl, negativeTtl),
                            OwnerRecords.rdata(records),
                            OwnerRecords.rdata(
                                    OwnerRecords.covering(owner.after(), RecordType.NSEC3)),
                            List.of());
            int entry = entry(hash, room.write(set));
            if (first >= 0) {
                entries.put(first, entry);
                chain.touch(first);
            } else {
                hashes = hashes.with(entry, hashes.floor(chain, hash));
                touchBefore(hash);
                unmatched.add(ByteBuffer.wrap(hash));
            }
        }
    }

    /// Marks the entry of the base that a new one follows. A search that ends before all entries of
    /// the base looks at the others anyway.
    private void touchBefore(byte[] hash) {
        int before = chain.floor(hash);
        if (before >= 0) {
            chain.touch(before);
        }
    }

    /// Returns the first number of the entry with a hash, or -1 if there never was one.
    private int first(byte[] hash) {
        int at = chain.floor(hash);
        if (at >= 0 && chain.compare(at, hash) == 0) {
            return at;
        }
        int added = hashes.floor(chain, hash);
        return added != NumberList.NOWHERE && chain.compare(hashes.at(added), hash) == 0
                ? hashes.at(added)
                : -1;
    }

    /// Writes an entry at a distance from the chain that is a multiple of an entry's length.
    private int entry(byte[] hash, int set) throws NeedsBuildException {
        int length = Layout.NSEC3_ENTRY_OCTETS;
        long taken = room.take(2L * length) - chain.start();
        long entry = (taken + length - 1) / length;
        byte[] octets = Arrays.copyOf(hash, length);
        ByteBuffer.wrap(octets).putInt(hash.length, set);
        room.write(octets, chain.start() + entry * length);
        return Math.toIntExact(entry);
    }

    /// Returns the first number of the entry that matches a name, even if it is gone; -1 if there
    /// never was one.
    int match(Name name) {
        byte[] hash = hash(name);
        unmatched.remove(ByteBuffer.wrap(hash));
        return first(hash);
    }

    private byte[] hash(Name name) {
        return zone.hash(hasher, name.folded(), 0, name.length()).clone();
    }

    /// Throws if a new entry matches no node that the change writes: it may match another node,
    /// which nothing short of hashing all names would tell.
    void requireMatches() throws NeedsBuildException {
        NeedsBuildException.unless(
                unmatched.isEmpty(), "an NSEC3 record appears for a name that does not change");
    }

    IntTable entries() {
        return entries;
    }

    NumberList hashes() {
        return hashes;
    }

    /// Returns the first numbers of the entries that this change removes.
    List<Integer> gone() {
        return gone;
    }
}
