package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.RrsigFields;
import org.jspecify.annotations.Nullable;

/// Checks the records of a zone together. It reports errors for what cannot be served and warnings
/// for surprises, each at the record that needs a change.
///
/// If the text itself has errors, missing records are not reported: they may be in a record that
/// could not be read.
final class ZoneCheck {

    /// Number of owners that one task checks.
    private static final int PART = 1 << 15;

    /// The only hash algorithm of NSEC3, SHA-1 (RFC 5155 section 11).
    private static final int NSEC3_SHA1 = 1;

    private final Name apex;
    private final OwnerTable owners;
    private final ReadRules rules;
    private final Records records;
    private final SourcePositions positions;
    private final Problems problems;
    private final Findings findings;
    private final SetCheck sets;
    private final boolean complete;
    private final int apexOwner;
    private final Marks marks;
    // Created on first use: only a reference to a name that is not an owner needs it.
    private @Nullable Set<Name> existing;

    /// Sets of owners by kind.
    ///
    /// @param cuts delegations
    /// @param dnames owners of DNAME records
    /// @param coveringCuts delegations and owners of DNAME records: they take the names below out
    ///   of the zone
    /// @param nameServers hosts named in NS records
    /// @param chain the first owner of NSEC or NSEC3 records in each part
    private record Marks(
            BitSet cuts, BitSet dnames, BitSet coveringCuts, BitSet nameServers, BitSet chain) {

        Marks() {
            this(new BitSet(), new BitSet(), new BitSet(), new BitSet(), new BitSet());
        }

        void or(Marks other) {
            cuts.or(other.cuts);
            dnames.or(other.dnames);
            coveringCuts.or(other.coveringCuts);
            nameServers.or(other.nameServers);
            chain.or(other.chain);
        }
    }

    ZoneCheck(
            Name apex,
            OwnerTable owners,
            ReadRules rules,
            SourcePositions positions,
            Problems problems) {
        this(
                apex,
                owners,
                rules,
                positions,
                problems,
                new Marks(),
                !problems.hasErrors(),
                owners.apex());
    }

    private ZoneCheck(
            Name apex,
            OwnerTable owners,
            ReadRules rules,
            SourcePositions positions,
            Problems problems,
            Marks marks,
            boolean complete,
            int apexOwner) {
        this.apex = apex;
        this.owners = owners;
        this.rules = rules;
        this.records = owners.records();
        this.positions = positions;
        this.problems = problems;
        this.marks = marks;
        this.complete = complete;
        this.apexOwner = apexOwner;
        this.findings = new Findings(records, positions, problems, rules.policy());
        this.sets = new SetCheck(owners, apexOwner, findings);
    }

    /// Returns the same check for one of several parts of the owners, run by another thread.
    private ZoneCheck part(Marks of, int parts) {
        return new ZoneCheck(
                apex,
                owners.reader(parts),
                rules,
                positions,
                new Problems(),
                of,
                complete,
                apexOwner);
    }

    /// Checks the zone and reports problems.
    ///
    /// @return the records that must not be served, for {@link OwnerTable#drop}
    int[] run(ParallelRunner runner) {
        outside();
        int parts = (owners.withRecords() + PART - 1) / PART;
        ZoneCheck[] checks = new ZoneCheck[parts];
        runner.each(
                parts,
                i -> {
                    checks[i] = part(new Marks(), parts);
                    checks[i].mark(i * PART, Math.min(owners.withRecords(), (i + 1) * PART));
                });
        for (ZoneCheck check : checks) {
            marks.or(check.marks);
        }
        apex();
        runner.each(
                parts,
                i -> {
                    checks[i] = part(marks, parts);
                    checks[i].check(i * PART, Math.min(owners.withRecords(), (i + 1) * PART));
                });
        for (ZoneCheck check : checks) {
            problems.addAll(check.problems);
        }
        return Stream.of(checks)
                .flatMapToInt(check -> IntStream.of(check.sets.dropped()))
                .toArray();
    }

    private void check(int from, int to) {
        SetSizes sizes = new SetSizes(owners, positions, problems);
        for (int owner = from; owner < to && !problems.full(); owner++) {
            sizes.check(owner);
            owner(owner);
            sets.check(owner);
        }
    }

    private void outside() {
        for (int record : owners.outside()) {
            if (!problems.takesWarnings()) {
                return;
            }
            findings.warning(
                    record,
                    () ->
                            "%s is outside the zone %s and is ignored; is a final dot or an $ORIGIN wrong?"
                                    .formatted(records.owner(record), apex));
        }
    }

    private void mark(int from, int to) {
        for (int owner = from; owner < to; owner++) {
            for (int i = owners.start(owner); i < owners.end(owner); i++) {
                int record = owners.record(i);
                int type = records.type(record);
                if (type == RecordType.NS) {
                    int host = owners.host(i);
                    if (host != OwnerTable.NONE) {
                        marks.nameServers.set(host);
                    }
                    marks.cuts.set(owner, owner != apexOwner);
                }
                if (type == RecordType.DNAME) {
                    marks.dnames.set(owner);
                }
                if ((type == RecordType.NSEC || (type == RecordType.NSEC3 && owners.isHash(owner)))
                        && marks.chain.isEmpty()) {
                    marks.chain.set(owner);
                }
                if (type == RecordType.DNAME || marks.cuts.get(owner)) {
                    marks.coveringCuts.set(owner);
                }
            }
        }
    }

    private List<Integer> at(int owner, int type) {
        List<Integer> found = new ArrayList<>();
        if (owner != OwnerTable.NONE) {
            for (int i = owners.start(owner); i < owners.end(owner); i++) {
                if (records.type(owners.record(i)) == type) {
                    found.add(owners.record(i));
                }
            }
        }
        return found;
    }

    private boolean has(int owner, int type) {
        return owner != OwnerTable.NONE && owners.has(owner, type);
    }

    private boolean hasAddress(int owner) {
        return has(owner, RecordType.A) || has(owner, RecordType.AAAA);
    }

    private void apex() {
        at(apexOwner, RecordType.NSEC3PARAM).forEach(this::nsec3Parameters);
        Position start = new Position(positions.files().getFirst(), 1, 1);
        boolean hasSoa = has(apexOwner, RecordType.SOA);
        if (complete && !hasSoa) {
            problems.error(start, "there is no SOA record for the zone %s".formatted(apex));
        }
        if (complete && !has(apexOwner, RecordType.NS)) {
            String text = "there is no NS record for the zone %s".formatted(apex);
            if (rules.policy() == ZonePolicy.LENIENT) {
                problems.warning(start, text);
            } else {
                problems.error(start, hasSoa ? text + Findings.REMEDY : text);
            }
        }
        if (complete && hasSoa) {
            denial();
        }
    }

    /// Warns about NSEC or NSEC3 records that cannot prove nonexistence. They count only if the
    /// zone is signed and its apex has one of them.
    private void denial() {
        int owner = marks.chain.nextSetBit(0);
        if (owner < 0) {
            return;
        }
        List<Integer> chain = new ArrayList<>(at(owner, RecordType.NSEC));
        chain.addAll(at(owner, RecordType.NSEC3));
        int first = chain.getFirst();
        String type = RecordType.name(records.type(first));
        List<Integer> parameters = at(apexOwner, RecordType.NSEC3PARAM);
        if (!isSigned()) {
            findings.warning(
                    first,
                    () ->
                            "the zone has %s records, and its SOA no signature (RRSIG): it is served as an unsigned one, and proves nothing; sign it anew"
                                    .formatted(type));
        } else if (!parameters.isEmpty()) {
            if (parameters.stream().allMatch(this::isLimited)
                    && parameters.stream().map(records::rdata).noneMatch(owners::hasNsec3Chain)) {
                findings.warning(
                        parameters.getFirst(),
                        () ->
                                "no NSEC3 record with these parameters stands for the zone's name %s: nothing can be proven not to exist, and validators fail; sign the zone anew"
                                        .formatted(apex));
            }
        } else if (!has(apexOwner, RecordType.NSEC)) {
            findings.warning(
                    first,
                    () ->
                            "the zone has %s records, and its name %s no %s: nothing can be proven not to exist, and validators fail; sign the zone anew"
                                    .formatted(
                                            type,
                                            apex,
                                            type.equals("NSEC") ? "NSEC" : "NSEC3PARAM"));
        }
    }

    /// Returns whether NSEC3 parameters are supported; {@link #nsec3Parameters} reports others.
    private boolean isLimited(int parameters) {
        byte[] rdata = records.rdata(parameters);
        return rdata[0] == NSEC3_SHA1 && iterations(rdata) <= Nsec3Hash.ITERATIONS_MAX;
    }

    private static int iterations(byte[] rdata) {
        return (rdata[2] & 0xff) << 8 | (rdata[3] & 0xff);
    }

    private boolean isSigned() {
        return at(apexOwner, RecordType.RRSIG).stream()
                .anyMatch(record ->
                        RrsigFields.covered(records.octets(record), records.rdataOffset(record))
                                == RecordType.SOA);
    }

    /// Each iteration costs a hash for every negative answer, here and at the validator.
    private void nsec3Parameters(int record) {
        byte[] rdata = records.rdata(record);
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
                            "NSEC3 with %d iterations: validators may take the zone for unsigned or refuse it; sign with 0 (RFC 9276 section 3.1)"
                                    .formatted(iterations));
        }
    }

    private void owner(int owner) {
        int coveringCut = coveringCut(owner);
        if (coveringCut != OwnerTable.NONE) {
            occluded(owner, coveringCut);
            return;
        }
        boolean cut = marks.cuts.get(owner);
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            boolean glue = isAddress(type) && marks.nameServers.get(owner);
            if (isMisplaced(owner, record, type)) {
                continue;
            }
            if (cut && !glue && !isAtCut(type)) {
                findings.warning(
                        record,
                        () ->
                                "%s is delegated: its %s record belongs in the child zone and is never answered"
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
            pointer(owner, i);
        }
    }

    /// Reports a record of a type that belongs elsewhere.
    private boolean isMisplaced(int owner, int record, int type) {
        switch (type) {
            case RecordType.SOA -> {
                if (owner != apexOwner) {
                    findings.contradiction(
                            record,
                            () ->
                                    "the SOA record belongs at the zone's name %s only"
                                            .formatted(apex));
                    return true;
                }
            }
            case RecordType.NSEC3 -> {
                if (owner == apexOwner) {
                    // A name with NSEC3 is not a name of the zone (RFC 5155 section 7.2.8), but a
                    // zone needs its apex.
                    findings.error(
                            record,
                            () ->
                                    "NSEC3 belongs at a hash below the zone's name, not at %s itself (RFC 5155 section 3)"
                                            .formatted(apex));
                    return true;
                }
                return isUnusedNsec3(owner, record);
            }
            case RecordType.NSEC3PARAM -> {
                if (owner != apexOwner) {
                    findings.warning(
                            record,
                            () ->
                                    "NSEC3PARAM counts at the zone's name %s only (RFC 5155 section 4)"
                                            .formatted(apex));
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
                            "%s is no NSEC3 owner, a hash of 32 base32hex digits right below %s (RFC 5155 section 3): no record of this name is ever answered"
                                    .formatted(owners.name(owner), apex));
            return true;
        }
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int other = owners.record(i);
            int type = records.type(other);
            if (type != RecordType.NSEC3 && type != RecordType.RRSIG) {
                findings.warning(
                        other,
                        () ->
                                "%s is the owner of an NSEC3 record: its %s record is never answered (RFC 5155 section 7.2.8)"
                                        .formatted(owners.name(owner), RecordType.name(type)));
            }
        }
        return false;
    }

    /// Reports a signature without the set that it covers: it is never served.
    private void signature(int owner, int record) {
        int covered = RrsigFields.covered(records.octets(record), records.rdataOffset(record));
        if (!owners.has(owner, covered)) {
            findings.warning(
                    record,
                    () ->
                            "%s has no %s record: this signature over them is never served"
                                    .formatted(owners.name(owner), RecordType.name(covered)));
        }
    }

    private void occluded(int owner, int coveringCut) {
        int dname = dname(owner);
        boolean cut = marks.cuts.get(coveringCut);
        boolean isChain =
                dname == apexOwner && owners.isHash(owner) && owners.has(owner, RecordType.NSEC3);
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
                                "%s is below the DNAME %s: its %s record is never answered"
                                        .formatted(
                                                owners.name(owner),
                                                owners.name(dname),
                                                RecordType.name(type)));
            } else if (!cut || !isAddress(type) || !marks.nameServers.get(owner)) {
                findings.warning(
                        record,
                        () ->
                                "%s is below the delegation %s: its %s record is never answered"
                                        .formatted(
                                                owners.name(owner),
                                                owners.name(coveringCut),
                                                RecordType.name(type)));
            }
        }
    }

    private boolean isNsec3(int record, int type) {
        int covered =
                type == RecordType.RRSIG
                        ? RrsigFields.covered(records.octets(record), records.rdataOffset(record))
                        : type;
        return covered == RecordType.NSEC3;
    }

    // Records that name a host

    private void pointer(int owner, int at) {
        int record = owners.record(at);
        int type = records.type(record);
        if (type != RecordType.NS && type != RecordType.MX && type != RecordType.SRV) {
            return;
        }
        int found = owners.host(at);
        if (found != OwnerTable.NONE
                && type == RecordType.NS
                && hasAddress(found)
                && !has(found, RecordType.CNAME)) {
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
        if (has(found, RecordType.CNAME)) {
            findings.warning(
                    record,
                    () ->
                            "%s points at %s, which is a CNAME: name the host itself (RFC 2181 section 10.3)"
                                    .formatted(RecordType.name(type), host));
        } else if (type == RecordType.NS && complete && !hasAddress(found)) {
            unreachable(record, owner, host);
        }
    }

    private void unreachable(int record, int owner, Name host) {
        int own = owners.find(host.wire(), 0);
        boolean isCut = own != OwnerTable.NONE && marks.cuts.get(own);
        if (owner != apexOwner && host.isAtOrBelow(owners.name(owner))) {
            findings.warning(
                    record,
                    () ->
                            "the glue is missing: %s needs an A or AAAA record here, nobody can ask it for one"
                                    .formatted(host));
        } else if (!isCut && coveringCut(host) == OwnerTable.NONE) {
            findings.warning(
                    record,
                    () ->
                            "the name server %s has no A or AAAA record in this zone"
                                    .formatted(host));
        }
    }

    /// Returns the wildcard that answers a query for a name without its own records.
    private int covering(Name name) {
        if (name.equals(apex) || coveringCut(name) != OwnerTable.NONE) {
            return OwnerTable.NONE;
        }
        Name encloser = name.parent();
        while (!encloser.equals(apex) && !exists(encloser)) {
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
        while (!above.equals(apex)) {
            above = above.parent();
            if (owners.find(above.wire(), 0) != OwnerTable.NONE || !all.add(above)) {
                return;
            }
        }
    }

    private static boolean isAddress(int type) {
        return type == RecordType.A || type == RecordType.AAAA;
    }

    /// Returns whether the parent has a type at a delegation (RFC 4035 section 2), besides glue.
    private static boolean isAtCut(int type) {
        return switch (type) {
            case RecordType.NS, RecordType.DS, RecordType.NSEC, RecordType.RRSIG -> true;
            default -> false;
        };
    }

    /// Returns the covering cut of an owner, or {@link OwnerTable#NONE}: the delegation or DNAME
    /// strictly above that is nearest to the apex.
    private int coveringCut(int owner) {
        return owner == apexOwner || marks.coveringCuts.isEmpty()
                ? OwnerTable.NONE
                : highest(owners.above(owner));
    }

    private int coveringCut(Name name) {
        return highest(owners.findAbove(name.wire(), 0));
    }

    /// Returns the nearest DNAME strictly above an owner, even below a delegation, or {@link
    /// OwnerTable#NONE}.
    private int dname(int owner) {
        int above = owner;
        do {
            above = above == apexOwner ? OwnerTable.NONE : owners.above(above);
        } while (above != OwnerTable.NONE && !marks.dnames.get(above));
        return above;
    }

    private int highest(int from) {
        int coveringCut = OwnerTable.NONE;
        for (int above = from; above != OwnerTable.NONE; ) {
            coveringCut = marks.coveringCuts.get(above) ? above : coveringCut;
            above = above == apexOwner ? OwnerTable.NONE : owners.above(above);
        }
        return coveringCut;
    }
}
