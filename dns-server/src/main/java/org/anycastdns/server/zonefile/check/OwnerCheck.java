package org.anycastdns.server.zonefile.check;

import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Findings;

/// Checks the records of each owner for those that belong elsewhere and for those that are never
/// answered: below a zone cut or DNAME, beside a delegation, or without what they sign.
final class OwnerCheck {

    private final ZoneRecords zone;
    private final OwnerTable owners;
    private final Records records;
    private final ZoneCuts cuts;
    private final Findings findings;
    private final HostCheck hosts;

    OwnerCheck(ZoneRecords zone, ZoneCuts cuts, Findings findings) {
        this.zone = zone;
        this.owners = zone.owners();
        this.records = zone.records();
        this.cuts = cuts;
        this.findings = findings;
        this.hosts = new HostCheck(zone, cuts, findings);
    }

    /// Checks one owner.
    void check(int owner) {
        int coveringCut = cuts.coveringCut(zone, owner);
        if (coveringCut != OwnerTable.NONE) {
            occluded(owner, coveringCut);
            return;
        }
        boolean cut = cuts.isCut(owner);
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            boolean glue = ZoneRecords.isAddress(type) && cuts.isNameServer(owner);
            if (isMisplaced(owner, record, type)) {
                continue;
            }
            if (cut && !glue && !isAtCut(type)) {
                findings.warning(
                        record,
                        () ->
                                "%s is delegated: its %s record belongs in the child zone and is never served"
                                        .formatted(owners.name(owner), RecordType.name(type)));
            } else if (type == RecordType.NS && owners.isWildcard(owner)) {
                findings.warning(
                        record, () -> "NS at a wildcard delegates nothing (RFC 4592 section 4.2)");
            } else if (type == RecordType.RRSIG) {
                signature(owner, record);
            } else if (type == RecordType.DS && !cut) {
                findings.warning(
                        record,
                        () ->
                                "DS belongs at a delegation, beside NS records: there is none at %s (RFC 4035 section 2.4)"
                                        .formatted(owners.name(owner)));
            }
            hosts.check(owner, i);
        }
    }

    /// Reports a record of a type that belongs elsewhere.
    private boolean isMisplaced(int owner, int record, int type) {
        switch (type) {
            case RecordType.SOA -> {
                if (owner != zone.apexOwner()) {
                    findings.contradiction(
                            record,
                            () ->
                                    "the SOA record belongs at the zone's name %s only"
                                            .formatted(zone.apex()));
                    return true;
                }
            }
            case RecordType.NSEC3 -> {
                if (owner == zone.apexOwner()) {
                    // A name with NSEC3 is not a name of the zone (RFC 5155 section 7.2.8), but a
                    // zone needs its apex.
                    findings.error(
                            record,
                            () ->
                                    "NSEC3 belongs at a hash below the zone's name, not at %s itself (RFC 5155 section 3)"
                                            .formatted(zone.apex()));
                    return true;
                }
                return isUnusedNsec3(owner, record);
            }
            case RecordType.NSEC3PARAM -> {
                if (owner != zone.apexOwner()) {
                    findings.warning(
                            record,
                            () ->
                                    "NSEC3PARAM counts at the zone's name %s only (RFC 5155 section 4)"
                                            .formatted(zone.apex()));
                    return true;
                }
            }
            default -> {}
        }
        return false;
    }

    /// Reports records that an NSEC3 owner hides (RFC 5155 section 7.2.8): its other records, or
    /// all of its records if the name is not a hash.
    private boolean isUnusedNsec3(int owner, int record) {
        if (!owners.isHash(owner)) {
            findings.warning(
                    record,
                    () ->
                            "%s is not an NSEC3 owner, which is a hash of 32 base32hex digits directly below %s (RFC 5155 section 3): no record of this name is ever served"
                                    .formatted(owners.name(owner), zone.apex()));
            return true;
        }
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int other = owners.record(i);
            int type = records.type(other);
            if (type != RecordType.NSEC3 && type != RecordType.RRSIG) {
                findings.warning(
                        other,
                        () ->
                                "%s is the owner of an NSEC3 record: its %s record is never served (RFC 5155 section 7.2.8)"
                                        .formatted(owners.name(owner), RecordType.name(type)));
            }
        }
        return false;
    }

    /// Reports a signature without the set that it covers: it is never served.
    private void signature(int owner, int record) {
        int covered = zone.covered(record);
        if (!owners.has(owner, covered)) {
            findings.warning(
                    record,
                    () ->
                            "%s has no %s record: this signature over it is never served"
                                    .formatted(owners.name(owner), RecordType.name(covered)));
        }
    }

    private void occluded(int owner, int coveringCut) {
        int dname = cuts.dname(zone, owner);
        boolean cut = cuts.isCut(coveringCut);
        boolean isChain =
                dname == zone.apexOwner()
                        && owners.isHash(owner)
                        && owners.has(owner, RecordType.NSEC3);
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            if (isChain && isNsec3(record, type)) {
                // The NSEC3 chain is not part of the tree of names.
                continue;
            }
            if (isMisplaced(owner, record, type)) {
                continue;
            }
            if (dname != OwnerTable.NONE) {
                findings.contradiction(
                        record,
                        () ->
                                "%s is below the DNAME %s: its %s record is never served"
                                        .formatted(
                                                owners.name(owner),
                                                owners.name(dname),
                                                RecordType.name(type)));
            } else if (!cut || !ZoneRecords.isAddress(type) || !cuts.isNameServer(owner)) {
                findings.warning(
                        record,
                        () ->
                                "%s is below the delegation %s: its %s record is never served"
                                        .formatted(
                                                owners.name(owner),
                                                owners.name(coveringCut),
                                                RecordType.name(type)));
            }
        }
    }

    private boolean isNsec3(int record, int type) {
        int covered = type == RecordType.RRSIG ? zone.covered(record) : type;
        return covered == RecordType.NSEC3;
    }

    /// Returns whether the parent has a type at a delegation (RFC 4035 section 2), besides glue.
    private static boolean isAtCut(int type) {
        return switch (type) {
            case RecordType.NS, RecordType.DS, RecordType.NSEC, RecordType.RRSIG -> true;
            default -> false;
        };
    }
}
