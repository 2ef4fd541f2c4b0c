package org.anycastdns.server.zonefile.check;

import java.util.BitSet;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;

/// The owners at which a zone is delegated or redirected, and what follows for the names below.
///
/// Several threads collect parts, each in its own object; the joined object is only read.
final class ZoneCuts {

    private final BitSet cuts = new BitSet();
    private final BitSet dnames = new BitSet();

    // Delegations and owners of DNAME records: they take the names below out of the zone.
    private final BitSet coveringCuts = new BitSet();
    private final BitSet nameServers = new BitSet();

    // The first owner of NSEC or NSEC3 records in each part.
    private final BitSet chain = new BitSet();

    /// Collects the owners of a range.
    void collect(ZoneRecords zone, int from, int to) {
        OwnerTable owners = zone.owners();
        Records records = zone.records();
        for (int owner = from; owner < to; owner++) {
            for (int i = owners.start(owner); i < owners.end(owner); i++) {
                int record = owners.record(i);
                int type = records.type(record);
                if (type == RecordType.NS) {
                    int host = owners.host(i);
                    if (host != OwnerTable.NONE) {
                        nameServers.set(host);
                    }
                    cuts.set(owner, owner != zone.apexOwner());
                }
                if (type == RecordType.DNAME) {
                    dnames.set(owner);
                }
                if ((type == RecordType.NSEC || (type == RecordType.NSEC3 && owners.isHash(owner)))
                        && chain.isEmpty()) {
                    chain.set(owner);
                }
                if (type == RecordType.DNAME || cuts.get(owner)) {
                    coveringCuts.set(owner);
                }
            }
        }
    }

    /// Adds the owners of another part.
    void addAll(ZoneCuts part) {
        cuts.or(part.cuts);
        dnames.or(part.dnames);
        coveringCuts.or(part.coveringCuts);
        nameServers.or(part.nameServers);
        chain.or(part.chain);
    }

    /// Returns whether an owner is a delegation.
    boolean isCut(int owner) {
        return cuts.get(owner);
    }

    /// Returns whether NS records name an owner as their host.
    boolean isNameServer(int owner) {
        return nameServers.get(owner);
    }

    /// Returns the first owner of NSEC or NSEC3 records, or {@link OwnerTable#NONE}.
    int firstOfChain() {
        int first = chain.nextSetBit(0);
        return first < 0 ? OwnerTable.NONE : first;
    }

    /// Returns the covering cut of an owner, or {@link OwnerTable#NONE}: the delegation or DNAME
    /// strictly above that is nearest to the apex.
    int coveringCut(ZoneRecords zone, int owner) {
        return owner == zone.apexOwner() || coveringCuts.isEmpty()
                ? OwnerTable.NONE
                : highest(zone, zone.owners().above(owner));
    }

    /// Returns the covering cut of a name that need not be an owner.
    int coveringCut(ZoneRecords zone, Name name) {
        return highest(zone, zone.owners().findAbove(name.wire(), 0));
    }

    /// Returns the nearest DNAME strictly above an owner, even below a delegation, or {@link
    /// OwnerTable#NONE}.
    int dname(ZoneRecords zone, int owner) {
        int above = owner;
        do {
            above = above == zone.apexOwner() ? OwnerTable.NONE : zone.owners().above(above);
        } while (above != OwnerTable.NONE && !dnames.get(above));
        return above;
    }

    private int highest(ZoneRecords zone, int from) {
        int coveringCut = OwnerTable.NONE;
        for (int above = from; above != OwnerTable.NONE; ) {
            coveringCut = coveringCuts.get(above) ? above : coveringCut;
            above = above == zone.apexOwner() ? OwnerTable.NONE : zone.owners().above(above);
        }
        return coveringCut;
    }
}
