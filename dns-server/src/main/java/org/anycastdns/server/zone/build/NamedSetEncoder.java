package org.anycastdns.server.zone.build;

import java.util.Arrays;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Layout;

/// Encodes a small, unsigned record set with one compressible name in each record (RFC 1035 section
/// 4.1.4), as {@link Layout} describes. The typical case is the NS record sets of a registry with a
/// million delegations.
///
/// It writes the same octets as {@link SetEncoder}, but uses plain arrays. {@link SetEncoder} needs
/// a {@link MessageWriter}, whose code takes long to compile in a process that has just started.
/// The longest suffix of a name that already occurs in the owner name or an earlier record becomes
/// a pointer. Pointers refer only to names that are written out, so that each suffix has one place.
/// A usual set causes no allocation.
final class NamedSetEncoder {

    /// Maximum size of the owner name and all RDATA in octets. A label has at least two octets.
    /// There are therefore no more suffixes than {@link MessageWriter} remembers, and a pointer
    /// reaches all of them. Thirteen name servers of 37 octets each fit.
    static final int OCTETS_MAX = 512;

    private static final int ENDINGS_MAX = OCTETS_MAX / 2;

    static {
        assert ENDINGS_MAX <= MessageWriter.TARGETS_MAX;
        // RDATA has at least one octet.
        assert Layout.WITHIN + OCTETS_MAX * (Layout.RDATA + 1) <= Layout.POINTER_BITS;
    }

    /// Initial room for suffixes, enough for the name servers of a small zone.
    private static final int FEW_ENDINGS = 32;

    /// Initial room in octets for the hosts of such a zone, and for the offsets of its pointers.
    private static final int FEW_OCTETS = 64;

    private static final int UNKNOWN = -1;

    private final Nodes nodes;
    private final OwnerTable owners;
    private final OwnerNames ownerNames;

    // Lowercase names, one after the other: the owner name and the names in the records so far.
    private final byte[] names = new byte[OCTETS_MAX];
    private int namesEnd;

    // Suffixes of these names that may be pointed to, with the pointers.
    private int[] starts = new int[FEW_ENDINGS];
    private int[] ends = new int[FEW_ENDINGS];
    private int[] pointers = new int[FEW_ENDINGS];
    private int endings;

    // The parts of the record set whose lengths are not known in advance.
    private final Octets hosts = new Octets(FEW_OCTETS);
    private final Octets places = new Octets(FEW_OCTETS);
    private final Octets records = new Octets();

    /// Creates an encoder.
    ///
    /// @param owners owners of the nodes, for use by the calling thread
    NamedSetEncoder(Nodes nodes, OwnerTable owners) {
        this.nodes = nodes;
        this.owners = owners;
        this.ownerNames = owners.names();
    }

    /// Returns whether this encoder supports a record set.
    ///
    /// @param from index of the set's first record among the sorted records of its owner
    /// @param to index after the set's last record
    boolean takes(int owner, int from, int to) {
        Records all = owners.records();
        int type = all.type(owners.record(from));
        if (RdataNames.compressible(type) != 1 || owners.isWildcard(owner)) {
            return false;
        }
        int octets = ownerNames.length(owner);
        for (int i = from; i < to; i++) {
            octets += all.rdataLength(owners.record(i));
            if (octets > OCTETS_MAX) {
                return false;
            }
        }
        return !isSigned(owner, type);
    }

    private boolean isSigned(int owner, int type) {
        return owners.isSignature(owner, owners.firstSignature(owner, type), type);
    }

    /// Writes a record set that {@link #takes} accepts.
    ///
    /// @param from index of the set's first record among the sorted records of its owner
    /// @param to index after the set's last record
    /// @return the offset of the record set
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
        int length = ownerNames.length(owner);
        add(ownerNames.octets(owner), ownerNames.offset(owner), length);
        for (int at = 0; names[at] != 0; at += names[at] + 1) {
            remember(at, at == 0 ? Layout.OWNER : length - at);
        }
    }

    /// Appends a name in lowercase; its suffixes are not yet available for pointers.
    private void add(byte[] octets, int offset, int length) {
        for (int i = 0; i < length; i++) {
            names[namesEnd + i] = Name.fold(octets[offset + i]);
        }
        namesEnd += length;
    }

    /// Adds a suffix of the last name to the suffixes that can be pointed to.
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

    /// Writes a record; returns the pointer to its name.
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
        // The octets that are written out; they include the root label if no pointer follows.
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
        // The root name is shorter than a pointer.
        return known == UNKNOWN ? Layout.NO_POINTER : pointers[known];
    }

    /// Returns the known suffix that equals the end of the last name from an offset on; suffixes
    /// are unique.
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

    /// Adds the host that a record names, if it has addresses in the zone.
    ///
    /// @param at index of the record in its group
    /// @param number index of the record in the record set
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
            hosts.u16(host + Layout.HOST_POINTER, pointer);
            hosts.i32(host + Layout.HOST_NODE, nodes.reference(node));
        }
    }
}
