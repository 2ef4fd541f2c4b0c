package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RdataNames;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.ResourceRecord;
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

    /// What the parent says about a delegation (RFC 4035 section 2); its glue comes on top.
    private static final Set<Integer> AT_CUT =
            Set.of(RecordType.NS, RecordType.DS, RecordType.NSEC, RecordType.RRSIG);

    private final Name apex;
    private final Records records;
    private final Problems problems;
    private final boolean complete;
    // Indexes of records by owner, in the order of the file.
    private final Map<Name, List<Integer>> owners = new LinkedHashMap<>();
    private final Set<Name> cuts = new HashSet<>();
    // Delegations and owners of DNAME records: what takes the names below out of the zone.
    private final Set<Name> governors = new HashSet<>();
    private final Set<Name> nameServers = new HashSet<>();
    // Made when it is first asked for: only a pointer to no owner needs it.
    private @Nullable Set<Name> existing;

    ZoneCheck(Name apex, Records records, Problems problems) {
        this.apex = apex;
        this.records = records;
        this.problems = problems;
        this.complete = !problems.hasErrors();
    }

    /// Reports what is wrong.
    void run() {
        index();
        apex();
        for (var entry : owners.entrySet()) {
            if (problems.full()) {
                return;
            }
            owner(entry.getKey(), entry.getValue());
        }
    }

    private ResourceRecord record(int index) {
        return records.list().get(index);
    }

    private void error(int index, String text) {
        problems.error(records.position(index), text);
    }

    private void warning(int index, String text) {
        problems.warning(records.position(index), text);
    }

    private void index() {
        for (int i = 0; i < records.list().size(); i++) {
            ResourceRecord record = record(i);
            Name owner = record.owner();
            if (!owner.isAtOrBelow(apex)) {
                warning(
                        i,
                        "%s is outside the zone %s and is ignored; is a final dot or an $ORIGIN wrong?"
                                .formatted(owner, apex));
                continue;
            }
            owners.computeIfAbsent(owner, _ -> new ArrayList<>(2)).add(i);
            boolean ns = record.type() == RecordType.NS;
            if (ns) {
                nameServers.add(target(record));
            }
            if (ns && !owner.equals(apex)) {
                cuts.add(owner);
            }
            if (record.type() == RecordType.DNAME || cuts.contains(owner)) {
                governors.add(owner);
            }
        }
    }

    private static Name target(ResourceRecord record) {
        return Name.read(record.rdata(), RdataNames.hostOffset(record.type()));
    }

    private void apex() {
        List<Integer> atApex = owners.getOrDefault(apex, List.of());
        List<Integer> soas =
                atApex.stream().filter(i -> record(i).type() == RecordType.SOA).toList();
        for (int i : soas.stream().skip(1).toList()) {
            error(
                    i,
                    "the zone has a second SOA record: the first one is at "
                            + records.position(soas.getFirst()));
        }
        atApex.stream()
                .filter(i -> record(i).type() == RecordType.NSEC3PARAM)
                .forEach(this::iterations);
        Position start = new Position(records.files().getFirst(), 1, 1);
        if (complete && soas.isEmpty()) {
            problems.error(start, "there is no SOA record for the zone %s".formatted(apex));
        }
        if (complete && atApex.stream().noneMatch(i -> record(i).type() == RecordType.NS)) {
            problems.error(start, "there is no NS record for the zone %s".formatted(apex));
        }
    }

    /// Each iteration costs a hash for every negative answer, here and at the validator.
    private void iterations(int index) {
        byte[] rdata = record(index).rdata();
        int iterations = (rdata[2] & 0xff) << 8 | (rdata[3] & 0xff);
        if (iterations > Nsec3Hash.ITERATIONS_MAX) {
            warning(
                    index,
                    "NSEC3 with %d iterations, more than %d, is not served: answers lack their proofs and fail validation; sign with 0 (RFC 9276 section 3.1)"
                            .formatted(iterations, Nsec3Hash.ITERATIONS_MAX));
        } else if (iterations > 0) {
            warning(
                    index,
                    "NSEC3 with %d iterations: validators may take the zone for unsigned or refuse it; sign with 0 (RFC 9276 section 3.1)"
                            .formatted(iterations));
        }
    }

    private void owner(Name owner, List<Integer> indexes) {
        Name governor = governor(owner);
        if (governor != null) {
            occluded(owner, indexes, governor);
            return;
        }
        boolean cut = cuts.contains(owner);
        for (int i : indexes) {
            ResourceRecord record = record(i);
            int type = record.type();
            boolean glue = isAddress(type) && nameServers.contains(owner);
            if (cut && !glue && !AT_CUT.contains(type)) {
                warning(
                        i,
                        "%s is delegated: its %s record belongs in the child zone and is never answered"
                                .formatted(owner, RecordType.name(type)));
            } else if (type == RecordType.SOA && !owner.equals(apex)) {
                error(i, "the SOA record belongs at the zone's name %s only".formatted(apex));
            } else if (type == RecordType.NS && owner.isWildcard()) {
                warning(i, "NS at a wildcard delegates nothing (RFC 4592 section 4.2)");
            }
            pointer(i, record);
        }
        if (indexes.size() > 1) {
            sets(owner, indexes);
        }
    }

    private void occluded(Name owner, List<Integer> indexes, Name governor) {
        boolean cut = cuts.contains(governor);
        for (int i : indexes) {
            int type = record(i).type();
            if (!cut || !isAddress(type) || !nameServers.contains(owner)) {
                warning(
                        i,
                        "%s is below the %s: its %s record is never answered"
                                .formatted(
                                        owner,
                                        (cut ? "delegation " : "DNAME ") + governor,
                                        RecordType.name(type)));
            }
        }
    }

    // Records of one owner against each other

    private void sets(Name owner, List<Integer> indexes) {
        Map<Integer, Integer> firsts = new HashMap<>();
        Map<Data, Integer> seen = new HashMap<>();
        Set<Integer> mixedTtls = new HashSet<>();
        for (int i : indexes) {
            ResourceRecord record = record(i);
            int type = record.type();
            Integer first = firsts.putIfAbsent(type, i);
            Integer same = seen.putIfAbsent(new Data(type, record.rdata()), i);
            if (same != null) {
                warning(i, "this record is already there, at " + records.position(same));
            } else if (first != null && isSingle(type)) {
                error(
                        i,
                        "%s has a second %s record: the first one is at %s"
                                .formatted(owner, RecordType.name(type), records.position(first)));
            }
            // Each RRSIG has the TTL of the set that it covers (RFC 4034 section 3).
            if (first != null
                    && type != RecordType.RRSIG
                    && record.ttlSeconds() != record(first).ttlSeconds()
                    && mixedTtls.add(type)) {
                differentTtl(first, i);
            }
        }
        Integer cname = firsts.get(RecordType.CNAME);
        if (cname != null) {
            besideCname(owner, firsts);
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
                                record(other).ttlSeconds(),
                                record(first).ttlSeconds(),
                                records.position(first)));
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

    private void pointer(int index, ResourceRecord record) {
        int type = record.type();
        if (type != RecordType.NS && type != RecordType.MX && type != RecordType.SRV) {
            return;
        }
        Name host = target(record);
        if (!host.isAtOrBelow(apex) || (host.isRoot() && type != RecordType.NS)) {
            return;
        }
        List<Integer> found = find(host);
        if (found.stream().anyMatch(i -> record(i).type() == RecordType.CNAME)) {
            warning(
                    index,
                    "%s points at %s, which is a CNAME: name the host itself (RFC 2181 section 10.3)"
                            .formatted(RecordType.name(type), host));
        } else if (type == RecordType.NS
                && complete
                && found.stream().noneMatch(i -> isAddress(record(i).type()))) {
            unreachable(index, record.owner(), host);
        }
    }

    private void unreachable(int index, Name owner, Name host) {
        Name governor = cuts.contains(host) ? host : governor(host);
        if (!owner.equals(apex) && host.isAtOrBelow(owner)) {
            warning(
                    index,
                    "the glue is missing: %s needs an A or AAAA record here, nobody can ask it for one"
                            .formatted(host));
        } else if (governor == null) {
            warning(
                    index,
                    "the name server %s has no A or AAAA record in this zone".formatted(host));
        }
    }

    /// The records that a query for this name finds: its own, or the covering wildcard's.
    private List<Integer> find(Name name) {
        List<Integer> found = owners.get(name);
        if (found != null || name.equals(apex) || governor(name) != null) {
            return found == null ? List.of() : found;
        }
        Name encloser = name.parent();
        while (!encloser.equals(apex) && !exists(encloser)) {
            encloser = encloser.parent();
        }
        return owners.getOrDefault(wildcardOf(encloser), List.of());
    }

    /// Whether a name is an owner or an empty non-terminal.
    private boolean exists(Name name) {
        Set<Name> all = existing;
        if (all == null) {
            all = new HashSet<>();
            for (Name owner : owners.keySet()) {
                for (Name above = owner; all.add(above) && !above.equals(apex); ) {
                    above = above.parent();
                }
            }
            existing = all;
        }
        return all.contains(name);
    }

    private static Name wildcardOf(Name encloser) {
        // 253 octets and more leave no room for a "*" label.
        return encloser.length() + 2 > Name.OCTETS_MAX ? encloser : Name.of("*", encloser);
    }

    private static boolean isAddress(int type) {
        return type == RecordType.A || type == RecordType.AAAA;
    }

    /// The delegation or DNAME strictly above a name, the one nearest to the apex; null when the
    /// name is the zone's own.
    private @Nullable Name governor(Name name) {
        Name governor = null;
        if (!governors.isEmpty()) {
            Name above = name;
            while (!above.equals(apex)) {
                above = above.parent();
                governor = governors.contains(above) ? above : governor;
            }
        }
        return governor;
    }
}
