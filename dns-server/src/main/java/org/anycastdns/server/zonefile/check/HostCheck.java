package org.anycastdns.server.zonefile.check;

import java.util.HashSet;
import java.util.Set;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Findings;
import org.jspecify.annotations.Nullable;

/// Checks the hosts that NS, MX and SRV records name: whether they are aliases, and whether a name
/// server within the zone has an address.
final class HostCheck {

    private final ZoneRecords zone;
    private final OwnerTable owners;
    private final ZoneCuts cuts;
    private final Findings findings;

    // Created on first use: only a reference to a name that is not an owner needs it.
    private @Nullable Set<Name> existing;

    HostCheck(ZoneRecords zone, ZoneCuts cuts, Findings findings) {
        this.zone = zone;
        this.owners = zone.owners();
        this.cuts = cuts;
        this.findings = findings;
    }

    /// Checks the host that a record names, if its type names one.
    ///
    /// @param at index of the record in the order of owners
    void check(int owner, int at) {
        Records records = owners.records();
        int record = owners.record(at);
        int type = records.type(record);
        if (type != RecordType.NS && type != RecordType.MX && type != RecordType.SRV) {
            return;
        }
        int found = owners.host(at);
        if (found != OwnerTable.NONE
                && type == RecordType.NS
                && zone.hasAddress(found)
                && !zone.has(found, RecordType.CNAME)) {
            return;
        }
        int offset = records.rdataOffset(record) + RdataNames.hostOffset(type);
        if (found == OwnerTable.NONE && !owners.isInZone(records.octets(record), offset)) {
            return;
        }
        Name host = Name.read(records.octets(record), offset);
        if (host.isRoot() && type != RecordType.NS) {
            return;
        }
        found = found == OwnerTable.NONE ? covering(host) : found;
        if (zone.has(found, RecordType.CNAME)) {
            findings.warning(
                    record,
                    () ->
                            "%s points to %s, which is a CNAME: name the host itself (RFC 2181 section 10.3)"
                                    .formatted(RecordType.name(type), host));
        } else if (type == RecordType.NS && zone.complete() && !zone.hasAddress(found)) {
            unreachable(record, owner, host);
        }
    }

    private void unreachable(int record, int owner, Name host) {
        int own = owners.find(host.wire(), 0);
        boolean isCut = own != OwnerTable.NONE && cuts.isCut(own);
        if (owner != zone.apexOwner() && host.isAtOrBelow(owners.name(owner))) {
            findings.warning(
                    record,
                    () ->
                            "glue is missing: %s needs an A or AAAA record here, because it cannot be asked for one"
                                    .formatted(host));
        } else if (!isCut && cuts.coveringCut(zone, host) == OwnerTable.NONE) {
            findings.warning(
                    record,
                    () ->
                            "the name server %s has no A or AAAA record in this zone"
                                    .formatted(host));
        }
    }

    /// Returns the wildcard that answers a query for a name without its own records.
    private int covering(Name name) {
        if (name.equals(zone.apex()) || cuts.coveringCut(zone, name) != OwnerTable.NONE) {
            return OwnerTable.NONE;
        }
        Name encloser = name.parent();
        while (!encloser.equals(zone.apex()) && !exists(encloser)) {
            encloser = encloser.parent();
        }
        if (encloser.length() + 2 > Name.OCTETS_MAX) {
            return OwnerTable.NONE;
        }
        return owners.find(Name.of("*", encloser).wire(), 0);
    }

    /// Returns whether a name is an owner or an empty non-terminal.
    private boolean exists(Name name) {
        if (owners.find(name.wire(), 0) != OwnerTable.NONE) {
            return true;
        }
        Set<Name> all = existing;
        if (all == null) {
            all = new HashSet<>();
            for (int owner = 0; owner < owners.withRecords(); owner++) {
                emptyAbove(owners.name(owner), all);
            }
            existing = all;
        }
        return all.contains(name);
    }

    private void emptyAbove(Name owner, Set<Name> all) {
        Name above = owner;
        while (!above.equals(zone.apex())) {
            above = above.parent();
            if (owners.find(above.wire(), 0) != OwnerTable.NONE || !all.add(above)) {
                return;
            }
        }
    }
}
