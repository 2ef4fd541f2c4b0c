package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RdataNames;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Crew;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Owners;
import org.anycastdns.server.zone.Records;
import org.anycastdns.server.zone.RrsigFields;
import org.jspecify.annotations.Nullable;

/// Checks the records of a zone together: errors for what cannot be served, warnings for what would
/// surprise. Each problem stands at the record that has to be changed.
///
/// When the text itself has errors, nothing is said about what is missing: it may stand in a record
/// that could not be read.
final class ZoneCheck {

    /// What may stand beside a CNAME (RFC 4035 section 2.5, RFC 5155 section 7.1).
    private static final Set<Integer> BESIDE_CNAME =
            Set.of(RecordType.CNAME, RecordType.RRSIG, RecordType.NSEC, RecordType.NSEC3);

    /// Records of an owner that are compared each with each; more of them go into maps.
    private static final int FEW = 16;

    /// Owners that are checked at once by one thread.
    private static final int PART = 1 << 15;

    private final Name apex;
    private final Owners owners;
    private final ReadRules rules;
    private final Records records;
    private final Places places;
    private final Problems problems;
    private final boolean complete;
    private final int apexOwner;
    private final Marks marks;
    // Made when it is first asked for: only a pointer to no owner needs it.
    private @Nullable Set<Name> existing;

    /// What owners are, by their numbers.
    ///
    /// @param cuts delegations
    /// @param governors delegations and owners of DNAME records: what takes the names below out of
    ///   the zone
    /// @param nameServers names of hosts that NS records point at
    private record Marks(BitSet cuts, BitSet governors, BitSet nameServers) {

        Marks() {
            this(new BitSet(), new BitSet(), new BitSet());
        }

        void or(Marks other) {
            cuts.or(other.cuts);
            governors.or(other.governors);
            nameServers.or(other.nameServers);
        }
    }

    ZoneCheck(Name apex, Owners owners, ReadRules rules, Places places, Problems problems) {
        this(
                apex,
                owners,
                rules,
                places,
                problems,
                new Marks(),
                !problems.hasErrors(),
                owners.apex());
    }

    private ZoneCheck(
            Name apex,
            Owners owners,
            ReadRules rules,
            Places places,
            Problems problems,
            Marks marks,
            boolean complete,
            int apexOwner) {
        this.apex = apex;
        this.owners = owners;
        this.rules = rules;
        this.records = owners.records();
        this.places = places;
        this.problems = problems;
        this.marks = marks;
        this.complete = complete;
        this.apexOwner = apexOwner;
    }

    /// The same check by another thread, for one of several parts of the owners.
    private ZoneCheck part(Marks of, int parts) {
        return new ZoneCheck(
                apex, owners.reader(parts), rules, places, new Problems(), of, complete, apexOwner);
    }

    /// Reports what is wrong.
    void run(Crew crew) {
        outside();
        int parts = (owners.withRecords() + PART - 1) / PART;
        ZoneCheck[] checks = new ZoneCheck[parts];
        crew.each(
                parts,
                i -> {
                    checks[i] = part(new Marks(), parts);
                    checks[i].mark(i * PART, Math.min(owners.withRecords(), (i + 1) * PART));
                });
        for (ZoneCheck check : checks) {
            marks.or(check.marks);
        }
        apex();
        crew.each(
                parts,
                i -> {
                    checks[i] = part(marks, parts);
                    checks[i].check(i * PART, Math.min(owners.withRecords(), (i + 1) * PART));
                });
        for (ZoneCheck check : checks) {
            problems.addAll(check.problems);
        }
    }

    private void check(int from, int to) {
        SetSizes sizes = new SetSizes(owners, places, problems);
        for (int owner = from; owner < to && !problems.full(); owner++) {
            sizes.check(owner);
            owner(owner);
        }
    }

    private Position position(int record) {
        return places.position(records.place(record));
    }

    private void error(int record, String text) {
        problems.error(position(record), text);
    }

    private void warning(int record, String text) {
        problems.warning(position(record), text);
    }

    private void outside() {
        for (int record : owners.outside()) {
            if (problems.full()) {
                return;
            }
            warning(
                    record,
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
                    if (host != Owners.NONE) {
                        marks.nameServers.set(host);
                    }
                    marks.cuts.set(owner, owner != apexOwner);
                }
                if (type == RecordType.DNAME || marks.cuts.get(owner)) {
                    marks.governors.set(owner);
                }
            }
        }
    }

    private List<Integer> at(int owner, int type) {
        List<Integer> found = new ArrayList<>();
        if (owner != Owners.NONE) {
            for (int i = owners.start(owner); i < owners.end(owner); i++) {
                if (records.type(owners.record(i)) == type) {
                    found.add(owners.record(i));
                }
            }
        }
        return found;
    }

    private boolean has(int owner, int type) {
        return owner != Owners.NONE && owners.has(owner, type);
    }

    private boolean hasAddress(int owner) {
        return has(owner, RecordType.A) || has(owner, RecordType.AAAA);
    }

    private void apex() {
        List<Integer> soas = at(apexOwner, RecordType.SOA);
        for (int record : soas.stream().skip(1).toList()) {
            error(
                    record,
                    "the zone has a second SOA record: the first one is at "
                            + position(soas.getFirst()));
        }
        at(apexOwner, RecordType.NSEC3PARAM).forEach(this::iterations);
        Position start = new Position(places.files().getFirst(), 1, 1);
        if (complete && soas.isEmpty()) {
            problems.error(start, "there is no SOA record for the zone %s".formatted(apex));
        }
        if (complete && !has(apexOwner, RecordType.NS)) {
            problems.error(start, "there is no NS record for the zone %s".formatted(apex));
        }
    }

    /// Each iteration costs a hash for every negative answer, here and at the validator.
    private void iterations(int record) {
        byte[] rdata = records.rdata(record);
        int iterations = (rdata[2] & 0xff) << 8 | (rdata[3] & 0xff);
        if (iterations > Nsec3Hash.ITERATIONS_MAX) {
            warning(
                    record,
                    "NSEC3 with %d iterations, more than %d, is not served: answers lack their proofs and fail validation; sign with 0 (RFC 9276 section 3.1)"
                            .formatted(iterations, Nsec3Hash.ITERATIONS_MAX));
        } else if (iterations > 0) {
            warning(
                    record,
                    "NSEC3 with %d iterations: validators may take the zone for unsigned or refuse it; sign with 0 (RFC 9276 section 3.1)"
                            .formatted(iterations));
        }
    }

    private void owner(int owner) {
        int governor = governor(owner);
        if (governor != Owners.NONE) {
            occluded(owner, governor);
            return;
        }
        boolean cut = marks.cuts.get(owner);
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            boolean glue = isAddress(type) && marks.nameServers.get(owner);
            if (cut && !glue && !isAtCut(type)) {
                warning(
                        record,
                        "%s is delegated: its %s record belongs in the child zone and is never answered"
                                .formatted(owners.name(owner), RecordType.name(type)));
            } else if (type == RecordType.SOA && owner != apexOwner) {
                error(record, "the SOA record belongs at the zone's name %s only".formatted(apex));
            } else if (type == RecordType.NS && owners.isWildcard(owner)) {
                warning(record, "NS at a wildcard delegates nothing (RFC 4592 section 4.2)");
            } else if (type == RecordType.RRSIG) {
                signature(owner, record);
            }
            pointer(owner, i);
        }
        sets(owner);
    }

    /// A signature goes with the set that it covers, so without one it goes nowhere.
    private void signature(int owner, int record) {
        int covered = RrsigFields.covered(records.octets(record), records.rdataOffset(record));
        if (!owners.has(owner, covered)) {
            warning(
                    record,
                    "%s has no %s record: this signature over them is never served"
                            .formatted(owners.name(owner), RecordType.name(covered)));
        }
    }

    private void occluded(int owner, int governor) {
        boolean cut = marks.cuts.get(governor);
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            int type = records.type(record);
            if (!cut || !isAddress(type) || !marks.nameServers.get(owner)) {
                warning(
                        record,
                        "%s is below the %s: its %s record is never answered"
                                .formatted(
                                        owners.name(owner),
                                        (cut ? "delegation " : "DNAME ") + owners.name(governor),
                                        RecordType.name(type)));
            }
        }
    }

    // Records of one owner against each other

    private void sets(int owner) {
        int start = owners.start(owner);
        int end = owners.end(owner);
        if (end - start < 2) {
            return;
        }
        boolean sound = end - start <= FEW;
        for (int i = start; sound && i < end; i++) {
            sound = records.type(owners.record(i)) != RecordType.CNAME;
            for (int j = start; sound && j < i; j++) {
                sound = goTogether(owners.record(j), owners.record(i));
            }
        }
        if (!sound) {
            sets(owner, start, end);
        }
    }

    private boolean goTogether(int a, int b) {
        int type = records.type(a);
        return type != records.type(b)
                || (!isSingle(type)
                        && (type == RecordType.RRSIG
                                || records.ttlSeconds(a) == records.ttlSeconds(b))
                        && records.compareRdata(a, b) != 0);
    }

    private void sets(int owner, int start, int end) {
        Map<Integer, Integer> firsts = new HashMap<>();
        Map<Data, Integer> seen = new HashMap<>();
        Set<Integer> mixedTtls = new HashSet<>();
        for (int i = start; i < end; i++) {
            int record = owners.record(i);
            int type = records.type(record);
            Integer first = firsts.putIfAbsent(type, record);
            Integer same = seen.putIfAbsent(new Data(type, records.rdata(record)), record);
            if (same != null) {
                warning(record, "this record is already there, at " + position(same));
            } else if (first != null && isSingle(type)) {
                error(
                        record,
                        "%s has a second %s record: the first one is at %s"
                                .formatted(
                                        owners.name(owner),
                                        RecordType.name(type),
                                        position(first)));
            }
            // Each RRSIG has the TTL of the set that it covers (RFC 4034 section 3).
            if (first != null
                    && type != RecordType.RRSIG
                    && records.ttlSeconds(record) != records.ttlSeconds(first)
                    && mixedTtls.add(type)) {
                differentTtl(first, record);
            }
        }
        if (firsts.containsKey(RecordType.CNAME)) {
            besideCname(owners.name(owner), firsts);
        }
    }

    /// A record's data as a key: arrays compare by identity.
    private record Data(int type, byte[] rdata) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Data data
                    && type == data.type
                    && Arrays.equals(rdata, data.rdata);
        }

        @Override
        public int hashCode() {
            return 31 * type + Arrays.hashCode(rdata);
        }
    }

    private void differentTtl(int first, int other) {
        warning(
                other,
                "TTL %d differs from %d at %s: the whole set is served with the lowest (RFC 2181)"
                        .formatted(
                                records.ttlSeconds(other),
                                records.ttlSeconds(first),
                                position(first)));
    }

    private void besideCname(Name owner, Map<Integer, Integer> firsts) {
        for (var entry : firsts.entrySet()) {
            if (!BESIDE_CNAME.contains(entry.getKey())) {
                warning(
                        entry.getValue(),
                        "%s is a CNAME, which allows no %s beside it: remove one of the two"
                                .formatted(owner, RecordType.name(entry.getKey())));
            }
        }
    }

    private static boolean isSingle(int type) {
        return type == RecordType.CNAME || type == RecordType.DNAME;
    }

    // Records that point at a host

    private void pointer(int owner, int at) {
        int record = owners.record(at);
        int type = records.type(record);
        if (type != RecordType.NS && type != RecordType.MX && type != RecordType.SRV) {
            return;
        }
        int found = owners.host(at);
        if (found != Owners.NONE
                && type == RecordType.NS
                && hasAddress(found)
                && !has(found, RecordType.CNAME)) {
            return;
        }
        int offset = records.rdataOffset(record) + RdataNames.hostOffset(type);
        if (found == Owners.NONE && !owners.isInZone(records.octets(record), offset)) {
            return;
        }
        Name host = Name.read(records.octets(record), offset);
        if (host.isRoot() && type != RecordType.NS) {
            return;
        }
        found = found == Owners.NONE ? covering(host) : found;
        if (has(found, RecordType.CNAME)) {
            warning(
                    record,
                    "%s points at %s, which is a CNAME: name the host itself (RFC 2181 section 10.3)"
                            .formatted(RecordType.name(type), host));
        } else if (type == RecordType.NS && complete && !hasAddress(found)) {
            unreachable(record, owner, host);
        }
    }

    private void unreachable(int record, int owner, Name host) {
        int own = owners.find(host.wire(), 0);
        boolean isCut = own != Owners.NONE && marks.cuts.get(own);
        if (owner != apexOwner && host.isAtOrBelow(owners.name(owner))) {
            warning(
                    record,
                    "the glue is missing: %s needs an A or AAAA record here, nobody can ask it for one"
                            .formatted(host));
        } else if (!isCut && governor(host) == Owners.NONE) {
            warning(
                    record,
                    "the name server %s has no A or AAAA record in this zone".formatted(host));
        }
    }

    /// The wildcard whose records a query for a name without any of its own finds.
    private int covering(Name name) {
        if (name.equals(apex) || governor(name) != Owners.NONE) {
            return Owners.NONE;
        }
        Name encloser = name.parent();
        while (!encloser.equals(apex) && !exists(encloser)) {
            encloser = encloser.parent();
        }
        if (encloser.length() + 2 > Name.OCTETS_MAX) {
            return Owners.NONE;
        }
        return owners.find(Name.of("*", encloser).wire(), 0);
    }

    /// Whether a name is an owner or an empty non-terminal.
    private boolean exists(Name name) {
        if (owners.find(name.wire(), 0) != Owners.NONE) {
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
            if (owners.find(above.wire(), 0) != Owners.NONE || !all.add(above)) {
                return;
            }
        }
    }

    private static boolean isAddress(int type) {
        return type == RecordType.A || type == RecordType.AAAA;
    }

    /// What the parent says about a delegation (RFC 4035 section 2); its glue comes on top.
    private static boolean isAtCut(int type) {
        return switch (type) {
            case RecordType.NS, RecordType.DS, RecordType.NSEC, RecordType.RRSIG -> true;
            default -> false;
        };
    }

    /// The delegation or DNAME strictly above a name, the one nearest to the apex, or {@link
    /// Owners#NONE} when the name is the zone's own.
    private int governor(int owner) {
        return owner == apexOwner || marks.governors.isEmpty()
                ? Owners.NONE
                : highest(owners.above(owner));
    }

    private int governor(Name name) {
        return highest(owners.findAbove(name.wire(), 0));
    }

    private int highest(int from) {
        int governor = Owners.NONE;
        for (int above = from; above != Owners.NONE; ) {
            governor = marks.governors.get(above) ? above : governor;
            above = above == apexOwner ? Owners.NONE : owners.above(above);
        }
        return governor;
    }
}
