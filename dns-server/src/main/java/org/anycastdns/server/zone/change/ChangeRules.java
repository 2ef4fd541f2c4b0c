package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.SoaFields;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Nsec3Fields;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Which changes an overlay represents exactly, as far as names and the apex tell; {@link
/// HostRules} and {@link HashDraft} have more. It also tells names of the zone from NSEC3 hashes.
final class ChangeRules {

    /// Length of an NSEC3 hash in base32 (RFC 5155 section 3).
    private static final int HASH_DIGITS = 32;

    private final Zone zone;
    private final ChangingZone from;
    private final NodeRecords records;

    /// Owners of NSEC3 records before or after the change, among those that change.
    private final Set<Name> changed = new HashSet<>();

    /// Names of the zone that change.
    final List<OwnerRecords> ordinary = new ArrayList<>();

    /// NSEC3 owners that change.
    final List<OwnerRecords> hashed = new ArrayList<>();

    /// The apex, if it changes.
    private OwnerRecords apex;

    private final int negativeTtl;

    /// Splits a change.
    ///
    /// @throws NeedsBuildException if a name or the apex changes in a way that concerns all names
    ChangeRules(ChangingZone from, ZoneChange change) throws NeedsBuildException {
        this.from = from;
        zone = from.zone();
        records = new NodeRecords(zone, from.kept().form());
        NeedsBuildException.unless(
                !from.kept().respelled(), "the zone has names that are spelled in several ways");
        negativeTtl = zone.sets().ttlSeconds(zone.negativeSoa());
        apex = new OwnerRecords(zone.apex(), List.of(), List.of());
        for (OwnerRecords owner : change.owners()) {
            if (owner.touches(RecordType.NSEC3)) {
                changed.add(owner.owner());
            }
        }
        for (OwnerRecords owner : change.owners()) {
            if (owner.touches(RecordType.NSEC3)) {
                checkHashed(owner);
                hashed.add(owner);
            } else {
                checkOrdinary(owner);
                ordinary.add(owner);
            }
            if (owner.owner().equals(zone.apex())) {
                apex = owner;
                checkApex();
            }
        }
    }

    private void checkHashed(OwnerRecords owner) throws NeedsBuildException {
        NeedsBuildException.unless(
                zone.denial() == Denial.NSEC3, "an NSEC3 record appears beside another chain");
        boolean alone =
                only(owner.before())
                        && only(owner.after())
                        && records.find(owner.owner()) == Zone.NONE;
        NeedsBuildException.unless(alone, "a name has NSEC3 and other records");
    }

    /// Returns whether some records are NSEC3 records and signatures, or none.
    private static boolean only(List<ResourceRecord> some) {
        int[] types = OwnerRecords.types(some);
        return some.isEmpty() || (types.length == 1 && types[0] == RecordType.NSEC3);
    }

    private void checkOrdinary(OwnerRecords owner) throws NeedsBuildException {
        Name name = owner.owner();
        int below = name.labelCount() - zone.apex().labelCount();
        Name top = name;
        for (int i = 1; i < below; i++) {
            top = top.parent();
        }
        if (below > 0 && top.wire()[0] == HASH_DIGITS) {
            checkNoHash(top);
        }
    }

    /// Throws if a name is the owner of an NSEC3 record. Names below such an owner would make it a
    /// name of the zone.
    private void checkNoHash(Name top) throws NeedsBuildException {
        List<ResourceRecord> kept = from.kept().of(top);
        byte[] hash = Nsec3Fields.ownerHash(top, zone.apex());
        boolean inChain =
                zone.denial() == Denial.NSEC3
                        && hash.length == Nsec3Hash.OCTETS
                        && records.entry(hash) >= 0;
        boolean hashed =
                inChain
                        || (kept != null && OwnerRecords.has(kept, RecordType.NSEC3))
                        || changed.contains(top);
        NeedsBuildException.unless(!hashed, "a name is an NSEC3 hash");
    }

    private void checkApex() throws NeedsBuildException {
        List<ResourceRecord> soa = OwnerRecords.ofType(apex.after(), RecordType.SOA);
        NeedsBuildException.unless(soa.size() == 1, "the apex has not one SOA record");
        boolean signed = !OwnerRecords.covering(apex.after(), RecordType.SOA).isEmpty();
        NeedsBuildException.unless(signed == zone.isSigned(), "the zone becomes signed, or ends");
        NeedsBuildException.unless(
                negativeTtl(soa.getFirst()) == negativeTtl, "the TTL of negative answers changes");
        NeedsBuildException.unless(
                apex.keeps(RecordType.NSEC3PARAM), "the NSEC3 parameters change");
        boolean had = OwnerRecords.has(apex.before(), RecordType.NSEC);
        boolean has = OwnerRecords.has(apex.after(), RecordType.NSEC);
        NeedsBuildException.unless(had == has, "the NSEC chain begins or ends");
    }

    private static int negativeTtl(ResourceRecord soa) {
        return Math.min(soa.ttlSeconds(), SoaFields.minimumSeconds(soa.rdata()));
    }

    /// Throws if a cut begins or ends above names that stay, in a zone with a chain: which of them
    /// have proofs would change.
    void checkCuts(DraftNames names) throws NeedsBuildException {
        for (DraftNames.Draft draft : names.all()) {
            NeedsBuildException.unless(
                    zone.denial() == Denial.UNSIGNED
                            || !names.changesCut(draft)
                            || draft.childrenBefore == 0
                            || draft.children == 0,
                    "a cut begins or ends above other names");
        }
    }

    /// Returns the RDATA of the only NSEC3PARAM record.
    byte[] nsec3Parameters() throws NeedsBuildException {
        int set = zone.findSet(zone.apexNode(), RecordType.NSEC3PARAM);
        NeedsBuildException.unless(
                set != Zone.NONE && zone.sets().recordCount(set) == 1,
                "the zone has several NSEC3 chains");
        return OwnerRecords.ofType(records.of(zone.apexNode()), RecordType.NSEC3PARAM)
                .getFirst()
                .rdata();
    }

    /// Returns the highest TTL of negative answers, in seconds.
    int negativeTtl() {
        return negativeTtl;
    }

    /// Returns the records of the apex after the change; empty if they stay as they are.
    List<ResourceRecord> apexAfter() {
        return apex.after();
    }
}
