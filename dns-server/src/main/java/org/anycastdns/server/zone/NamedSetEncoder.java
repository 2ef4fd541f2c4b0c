package org.anycastdns.server.zone;

import java.util.Arrays;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// Makes the octets of a small, unsigned record set with one compressible name in each record (RFC
/// 1035 section 4.1.4), as {@link Layout} says: the name servers of a registry's million
/// delegations. It does in plain arrays what {@link SetEncoder} does with a {@link MessageWriter},
/// whose code is costly to compile in a process that has just begun, and it comes to the same
/// octets: the longest ending of a name that stands in the owner or in a record before becomes a
/// pointer there. Only what was written as it is can be pointed to, so each ending has one place.
/// Nothing is allocated for a usual set.
final class NamedSetEncoder {

    /// The most octets of the owner's name and all RDATA. A label has at least two, so there are no
    /// more endings than {@link MessageWriter} remembers, and all are near enough to be pointed to.
    /// Thirteen name servers with 37 octets each fit.
    static final int OCTETS_MAX = 512;

    private static final int ENDINGS_MAX = OCTETS_MAX / 2;

    static {
        assert ENDINGS_MAX <= MessageWriter.TARGETS_MAX;
        // RDATA has at least one octet.
        assert Layout.WITHIN + OCTETS_MAX * (Layout.RDATA + 1) <= Layout.POINTER_BITS;
    }

    /// Endings that there is room for at first: of the name servers of a small zone.
    private static final int FEW_ENDINGS = 32;

    /// Octets for the hosts of such a zone, and for the places of its pointers.
    private static final int FEW_OCTETS = 64;

    private static final int UNKNOWN = -1;

    private final Nodes nodes;
    private final Owners owners;

    // Names in lower case, one after the other: the owner's, and those in the records so far.
    private final byte[] names = new byte[OCTETS_MAX];
    private int namesEnd;

    // Endings of these names that may be pointed to, with the pointers.
    private int[] starts = new int[FEW_ENDINGS];
    private int[] ends = new int[FEW_ENDINGS];
    private int[] pointers = new int[FEW_ENDINGS];
    private int endings;

    // The parts of the set whose lengths are not known before.
    private final Octets hosts = new Octets(FEW_OCTETS);
    private final Octets places = new Octets(FEW_OCTETS);
    private final Octets records = new Octets();

    /// @param owners of the nodes, for the calling thread
    NamedSetEncoder(Nodes nodes, Owners owners) {
        this.nodes = nodes;
        this.owners = owners;
    }

    /// Whether a set is of this kind.
    ///
    /// @param from the set's first record among those of its owner, which are in order
    /// @param to where the next type begins
    boolean takes(int owner, int from, int to) {
        Records all = owners.records();
        int type = all.type(owners.record(from));
        if (RdataNames.compressible(type) != 1 || owners.isWildcard(owner)) {
            return false;
        }
        int octets = owners.length(owner);
        for (int i = from; i < to; i++) {
            octets += all.rdataLength(owners.record(i));
            if (octets > OCTETS_MAX) {
                return false;
            }
        }
        return !isSigned(owner, type);
    }

    private boolean isSigned(int owner, int type) {
        Records all = owners.records();
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            if (all.type(record) == RecordType.RRSIG
                    && RrsigFields.covered(all.octets(record), all.rdataOffset(record)) == type) {
                return true;
            }
        }
        return false;
    }

    /// Writes a set that {@link #takes} says yes to.
    ///
    /// @param from the set's first record among those of its owner, which are in order
    /// @param to where the next type begins
    /// @return its offset
    int write(Octets image, int owner, int from, int to, int ttl) {
        begin(owner);
        Records all = owners.records();
        int count = 0;
        for (int i = from; i < to; i++) {
            if (i == from || all.compareRdata(owners.record(i - 1), owners.record(i)) != 0) {
                int pointer = record(owners.record(i), ttl);
                host(i, count, pointer);
                count++;
            }
        }
        int before = Layout.SET_HEADER_OCTETS + hosts.end() + places.end();
        int set = image.reserve(before + records.end());
        image.u16(set + Layout.RECORDS, count);
        image.u16(set + Layout.HOSTS, hosts.end() / Layout.HOST_OCTETS);
        image.u16(set + Layout.POINTERS, places.end() / Layout.POINTER_OCTETS);
        image.u16(set + Layout.RECORDS_OCTETS, records.end());
        int at = set + Layout.SET_HEADER_OCTETS;
        image.octets(at, hosts.array(), 0, hosts.end());
        image.octets(at + hosts.end(), places.array(), 0, places.end());
        image.octets(set + before, records.array(), 0, records.end());
        return set;
    }

    private void begin(int owner) {
        hosts.clear();
        places.clear();
        records.clear();
        endings = 0;
        namesEnd = 0;
        int length = owners.length(owner);
        add(owners.octets(owner), owners.offset(owner), length);
        for (int at = 0; names[at] != 0; at += names[at] + 1) {
            remember(at, at == 0 ? Layout.OWNER : length - at);
        }
    }

    /// Adds a name to those that are known, but not yet its endings.
    private void add(byte[] octets, int offset, int length) {
        for (int i = 0; i < length; i++) {
            names[namesEnd + i] = Name.fold(octets[offset + i]);
        }
        namesEnd += length;
    }

    /// Notes an ending of the last name.
    private void remember(int start, int pointer) {
        if (endings == starts.length) {
            starts = Arrays.copyOf(starts, ENDINGS_MAX);
            ends = Arrays.copyOf(ends, ENDINGS_MAX);
            pointers = Arrays.copyOf(pointers, ENDINGS_MAX);
        }
        starts[endings] = start;
        ends[endings] = namesEnd;
        pointers[endings++] = Layout.POINTER | pointer;
    }

    /// Writes a record; returns how its name can be pointed to.
    private int record(int record, int ttl) {
        Records all = owners.records();
        int type = all.type(record);
        int prefix = RdataNames.compressibleOffset(type);
        byte[] octets = all.octets(record);
        int rdata = all.rdataOffset(record);
        int start = namesEnd;
        add(octets, rdata + prefix, all.rdataLength(record) - prefix);
        int at = start;
        int known = find(at);
        while (known == UNKNOWN && names[at] != 0) {
            at += names[at] + 1;
            known = find(at);
        }
        // What is written as it is: the root's octet too, when no pointer follows.
        int literal = prefix + (known == UNKNOWN ? namesEnd : at) - start;
        int length = literal + (known == UNKNOWN ? 0 : Layout.POINTER_OCTETS);
        int place = SetEncoder.begin(records, type, ttl, length);
        records.octets(place + Layout.RDATA, octets, rdata, literal);
        if (known != UNKNOWN) {
            int end = place + Layout.RDATA + literal;
            records.u16(end, pointers[known]);
            places.u16(places.reserve(Layout.POINTER_OCTETS), end);
        }
        int within = Layout.WITHIN + place + Layout.RDATA + prefix;
        for (int next = start; next < at; next += names[next] + 1) {
            remember(next, within + next - start);
        }
        if (at > start) {
            return Layout.POINTER | within;
        }
        // The root is shorter than a pointer to it.
        return known == UNKNOWN ? Layout.NO_POINTER : pointers[known];
    }

    /// Which ending is the same as the last name from an offset on, if any: no two are the same.
    private int find(int start) {
        int length = namesEnd - start;
        for (int i = 0; i < endings; i++) {
            if (ends[i] - starts[i] == length && same(starts[i], start, length)) {
                return i;
            }
        }
        return UNKNOWN;
    }

    private boolean same(int one, int other, int length) {
        for (int i = 0; i < length; i++) {
            if (names[one + i] != names[other + i]) {
                return false;
            }
        }
        return true;
    }

    /// Notes the host that a record names, when it has addresses in the zone.
    ///
    /// @param at the record's place in its group
    /// @param number of the record in the set
    private void host(int at, int number, int pointer) {
        Records all = owners.records();
        int record = owners.record(at);
        int offset = RdataNames.hostOffset(all.type(record));
        if (offset < 0) {
            return;
        }
        int start = all.rdataOffset(record) + offset;
        int node = nodes.host(owners.host(at), all.octets(record), start, owners);
        if (node != Nodes.NONE) {
            int host = hosts.reserve(Layout.HOST_OCTETS);
            hosts.u16(host, number);
            hosts.u16(host + 2, pointer);
            hosts.i32(host + 4, nodes.reference(node));
        }
    }
}
