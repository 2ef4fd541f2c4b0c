package org.anycastdns.server.zone.build;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// Encoded record sets of a range of nodes. Several threads each fill a batch; the {@link SetPool}
/// takes the batches over in order.
final class SetBatch {

    /// The records of one type, and the signatures that cover them.
    ///
    /// @param ttlSeconds the lowest TTL (RFC 2181 section 5.2)
    /// @param rdata in canonical order (RFC 4034 section 6.3), without duplicates
    record Set(int type, int ttlSeconds, List<byte[]> rdata, List<byte[]> signatures) {

        Set withTtlAtMost(int seconds) {
            return seconds >= ttlSeconds ? this : new Set(type, seconds, rdata, signatures);
        }
    }

    /// A record set of the batch: a reference if it was already in the pool, octets otherwise.
    private static final class Entry {
        private int reference;
        private int start;
        private int end;
        private long hash;
        // Data of a set that other owners may share.
        private long key;
        private int node;
        private int from;
        private int to;
    }

    private final Nodes nodes;
    private final OwnerTable owners;
    private final SharedSets shared;
    private final int negativeTtl;
    private final Octets octets = new Octets();
    private final SetEncoder encoder;
    private final NamedSetEncoder named;
    private final List<Entry> entries = new ArrayList<>();
    private int count;

    /// Creates an empty batch.
    ///
    /// @param shared the sharable record sets in the pool before this batch
    /// @param negativeTtl TTL of negative answers in seconds; NSEC and NSEC3 records get at most
    ///   this TTL (RFC 9077 section 3)
    /// @param scratch must stay open while sets are added
    /// @param batches number of batches for the same nodes, including this one
    SetBatch(Nodes nodes, SharedSets shared, int negativeTtl, Arena scratch, int batches) {
        this.encoder = new SetEncoder(scratch);
        this.nodes = nodes;
        this.shared = shared;
        this.owners = nodes.owners.reader(batches);
        this.named = new NamedSetEncoder(nodes, owners);
        this.negativeTtl = negativeTtl;
    }

    /// Removes all record sets.
    void clear() {
        octets.clear();
        count = 0;
    }

    /// Adds all record sets of a node, ordered by type.
    void add(int node) {
        Records records = owners.records();
        int end = owners.end(node);
        for (int from = owners.start(node); from < end; ) {
            int type = records.type(owners.record(from));
            int to = from + 1;
            while (to < end && records.type(owners.record(to)) == type) {
                to++;
            }
            if (type != RecordType.RRSIG) {
                add(node, type, from, to);
            }
            from = to;
        }
    }

    private void add(int node, int type, int from, int to) {
        int ttl = shared.ttl(from, to);
        if (RdataNames.compressible(type) == 0 && RdataNames.hostOffset(type) < 0) {
            boolean denies = type == RecordType.NSEC;
            ttl = denies ? Math.min(ttl, negativeTtl) : ttl;
            encoded(SetEncoder.writePlain(octets, owners, node, from, to, ttl));
            return;
        }
        long key = shared.key(node, from, to, ttl);
        int known = key == SharedSets.NONE ? 0 : shared.find(key, node, from, to);
        if (known != 0) {
            next().reference = known;
            return;
        }
        Entry entry =
                encoded(
                        named.takes(node, from, to)
                                ? named.write(octets, node, from, to, ttl)
                                : write(octets, node, from, to));
        entry.key = key;
        entry.node = node;
        entry.from = from;
        entry.to = to;
    }

    /// Adds a record set that names no hosts.
    void add(Name owner, Set set) {
        encoded(write(octets, owner, set, List.of()));
    }

    /// Writes a record set of any kind.
    ///
    /// @param from index of the set's first record among the sorted records of its owner
    /// @param to index after the set's last record
    /// @return the offset of the record set
    int write(Octets image, int node, int from, int to) {
        Name name = owners.name(node);
        Set set = set(owners, from, to, signatures(owners, node));
        return write(image, name, set, hosts(name, node, from, to));
    }

    private int write(Octets image, Name owner, Set set, List<SetEncoder.Host> hosts) {
        return encoder.write(
                image, owner, set.type(), set.ttlSeconds(), set.rdata(), set.signatures(), hosts);
    }

    private Entry encoded(int start) {
        Entry entry = next();
        entry.start = start;
        entry.end = octets.end();
        entry.hash = SetPool.hash(octets.array(), start, entry.end);
        return entry;
    }

    private Entry next() {
        if (count == entries.size()) {
            entries.add(new Entry());
        }
        Entry entry = entries.get(count++);
        entry.reference = 0;
        entry.key = SharedSets.NONE;
        return entry;
    }

    /// Returns the record set of a type, which the owner must have.
    static Set set(OwnerTable owners, int owner, int type) {
        int from = owners.start(owner);
        while (owners.records().type(owners.record(from)) != type) {
            from++;
        }
        int to = from;
        while (to < owners.end(owner) && owners.records().type(owners.record(to)) == type) {
            to++;
        }
        return set(owners, from, to, signatures(owners, owner));
    }

    private static List<byte[]> signatures(OwnerTable owners, int owner) {
        List<byte[]> signatures = List.of();
        byte[] before = null;
        for (int i = owners.start(owner); i < owners.end(owner); i++) {
            int record = owners.record(i);
            if (owners.records().type(record) == RecordType.RRSIG) {
                byte[] rdata = owners.records().rdata(record);
                signatures = signatures.isEmpty() ? new ArrayList<>() : signatures;
                if (!Arrays.equals(before, rdata)) {
                    signatures.add(rdata);
                }
                before = rdata;
            }
        }
        return signatures;
    }

    private static Set set(OwnerTable owners, int from, int to, List<byte[]> signatures) {
        Records records = owners.records();
        int type = records.type(owners.record(from));
        int ttl = Integer.MAX_VALUE;
        List<byte[]> rdata = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            int record = owners.record(i);
            ttl = Math.min(ttl, records.ttlSeconds(record));
            if (i == from || records.compareRdata(owners.record(i - 1), record) != 0) {
                rdata.add(records.rdata(record));
            }
        }
        List<byte[]> covering =
                signatures.isEmpty()
                        ? signatures
                        : signatures.stream()
                                .filter(each -> RrsigFields.covered(each, 0) == type)
                                .toList();
        return new Set(type, ttl, rdata, covering);
    }

    private List<SetEncoder.Host> hosts(Name owner, int node, int from, int to) {
        Records records = owners.records();
        int type = records.type(owners.record(from));
        int offset = RdataNames.hostOffset(type);
        if (offset < 0) {
            return List.of();
        }
        boolean service = type == RecordType.SVCB || type == RecordType.HTTPS;
        List<SetEncoder.Host> hosts = List.of();
        int number = -1;
        for (int i = from; i < to; i++) {
            int record = owners.record(i);
            if (i > from && records.compareRdata(owners.record(i - 1), record) == 0) {
                continue;
            }
            number++;
            byte[] wire = records.octets(record);
            int at = records.rdataOffset(record) + offset;
            int own = owners.host(i);
            boolean alias = service && wire[at - 2] == 0 && wire[at - 1] == 0;
            if (service && wire[at] == 0) {
                if (alias || owner.isWildcard()) {
                    // There is no target, or the target is the query name.
                    continue;
                }
                // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
                wire = owner.wire();
                at = 0;
                own = node;
            }
            int host = nodes.target(own, wire, at, owners);
            boolean useful =
                    host != Nodes.NONE
                            && (nodes.hasAddresses(host) || (alias && owners.has(host, type)));
            if (useful) {
                hosts = hosts.isEmpty() ? new ArrayList<>() : hosts;
                hosts.add(new SetEncoder.Host(number, Name.read(wire, at), nodes.reference(host)));
            }
        }
        return hosts;
    }

    int count() {
        return count;
    }

    /// Moves a record set of this batch to the pool; returns the reference to it.
    int into(SetPool pool, int set) {
        Entry entry = entries.get(set);
        if (entry.reference != 0) {
            return entry.reference;
        }
        int reference =
                pool.reference(octets.array(), entry.start, entry.end - entry.start, entry.hash);
        if (entry.key != SharedSets.NONE) {
            shared.add(entry.key, entry.node, entry.from, entry.to, reference);
        }
        return reference;
    }
}
