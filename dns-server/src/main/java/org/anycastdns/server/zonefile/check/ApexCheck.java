package org.anycastdns.server.zonefile.check;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zonefile.problem.Findings;
import org.anycastdns.server.zonefile.problem.Position;
import org.anycastdns.server.zonefile.problem.ZonePolicy;

/// Checks what a zone needs at its apex: SOA and NS records, and the records by which it proves
/// that names do not exist.
record ApexCheck(ZoneRecords zone, ZoneCuts cuts, Findings findings) {

    /// The only hash algorithm of NSEC3, SHA-1 (RFC 5155 section 11).
    private static final int NSEC3_SHA1 = 1;

    /// Checks the apex and reports findings.problems().
    void run() {
        zone.at(zone.apexOwner(), RecordType.NSEC3PARAM).forEach(this::nsec3Parameters);
        Position start = new Position(findings.positions().files().getFirst(), 1, 1);
        boolean hasSoa = zone.has(zone.apexOwner(), RecordType.SOA);
        if (zone.complete() && !hasSoa) {
            findings.problems()
                    .error(start, "there is no SOA record for the zone %s".formatted(zone.apex()));
        }
        if (zone.complete() && !zone.has(zone.apexOwner(), RecordType.NS)) {
            String text = "there is no NS record for the zone %s".formatted(zone.apex());
            if (findings.policy() == ZonePolicy.LENIENT) {
                findings.problems().warning(start, text);
            } else {
                findings.problems().error(start, hasSoa ? text + Findings.REMEDY : text);
            }
        }
        if (zone.complete() && hasSoa) {
            denial();
        }
    }

    /// Warns about NSEC or NSEC3 records that cannot prove nonexistence. They count only if the
    /// zone is signed and its apex has one of them.
    private void denial() {
        int owner = cuts.firstOfChain();
        if (owner == OwnerTable.NONE) {
            return;
        }
        List<Integer> chain = new ArrayList<>(zone.at(owner, RecordType.NSEC));
        chain.addAll(zone.at(owner, RecordType.NSEC3));
        int first = chain.getFirst();
        String type = RecordType.name(zone.records().type(first));
        List<Integer> parameters = zone.at(zone.apexOwner(), RecordType.NSEC3PARAM);
        if (!isSigned()) {
            findings.warning(
                    first,
                    () ->
                            "the zone has %s records, but its SOA record has no signature (RRSIG): the zone is served as an unsigned one; sign it again"
                                    .formatted(type));
        } else if (!parameters.isEmpty()) {
            if (parameters.stream().allMatch(this::isLimited)
                    && parameters.stream()
                            .map(zone.records()::rdata)
                            .noneMatch(zone.owners()::hasNsec3Chain)) {
                findings.warning(
                        parameters.getFirst(),
                        () ->
                                "the zone's name %s has no NSEC3 record with these parameters: nonexistence cannot be proven, and validation fails; sign the zone again"
                                        .formatted(zone.apex()));
            }
        } else if (!zone.has(zone.apexOwner(), RecordType.NSEC)) {
            findings.warning(
                    first,
                    () ->
                            "the zone has %s records, but its name %s has no %s: nonexistence cannot be proven, and validation fails; sign the zone again"
                                    .formatted(
                                            type,
                                            zone.apex(),
                                            type.equals("NSEC") ? "NSEC" : "NSEC3PARAM"));
        }
    }

    /// Returns whether NSEC3 parameters are supported; {@link #nsec3Parameters} reports others.
    private boolean isLimited(int parameters) {
        byte[] rdata = zone.records().rdata(parameters);
        return rdata[0] == NSEC3_SHA1 && iterations(rdata) <= Nsec3Hash.ITERATIONS_MAX;
    }

    private static int iterations(byte[] rdata) {
        return (rdata[2] & 0xff) << 8 | (rdata[3] & 0xff);
    }

    private boolean isSigned() {
        return zone.at(zone.apexOwner(), RecordType.RRSIG).stream()
                .anyMatch(record -> zone.covered(record) == RecordType.SOA);
    }

    /// Each iteration costs a hash for every negative answer, here and at the validator.
    private void nsec3Parameters(int record) {
        byte[] rdata = zone.records().rdata(record);
        int algorithm = rdata[0] & 0xff;
        int iterations = iterations(rdata);
        if (algorithm != NSEC3_SHA1) {
            findings.contradiction(
                    record,
                    () ->
                            "NSEC3 with hash algorithm %d is not served: only 1, SHA-1, is defined (RFC 5155 section 11)"
                                    .formatted(algorithm));
        } else if (iterations > Nsec3Hash.ITERATIONS_MAX) {
            findings.warning(
                    record,
                    () ->
                            "NSEC3 with %d iterations, more than %d, is not served: answers lack their proofs and fail validation; sign with 0 (RFC 9276 section 3.1)"
                                    .formatted(iterations, Nsec3Hash.ITERATIONS_MAX));
        } else if (iterations > 0) {
            findings.warning(
                    record,
                    () ->
                            "NSEC3 with %d iterations: validators may treat the zone as unsigned or refuse it; sign with 0 (RFC 9276 section 3.1)"
                                    .formatted(iterations));
        }
    }
}
