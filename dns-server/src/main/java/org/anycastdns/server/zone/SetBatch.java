package org.anycastdns.server.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RdataNames;
import org.anycastdns.server.wire.RecordType;

/// Record sets of some nodes in the octets of an image, made by one thread while others make
/// others; the {@link SetPool} takes them over in their order.
final class SetBatch implements AutoCloseable {

    /// The records of one type, and those that sign them.
    ///
    /// @param ttlSeconds the lowest (RFC 2181 section 5.2)
    /// @param rdata in canonical order (RFC 4034 section 6.3), without duplicates
    record Set(int type, int ttlSeconds, List<byte[]> rdata, List<byte[]> signatures) {

        Set withTtlAtMost(int seconds) {
            return seconds >= ttlSeconds ? this : new Set(type, seconds, rdata, signatures);
        }
    }

    private final Nodes nodes;
    private final Owners owners;
    private final int negativeTtl;
    private final ImageWriter image;
    private final SetEncoder encoder = new SetEncoder();
    private long[] starts = new long[64];
    private long[] hashes = new long[64];
    private int[] lengths = new int[64];
    private int count;

    /// @param negativeTtl of negative answers in seconds: NSEC and NSEC3 records live no longer
    ///   (RFC 9077 section 3)
    /// @param shared whether other threads than the present one add sets
    SetBatch(Nodes nodes, int negativeTtl, boolean shared) {
        this.image = new ImageWriter(0, shared);
        this.nodes = nodes;
        this.owners = nodes.owners.reader();
        this.negativeTtl = negativeTtl;
    }

    /// Begins anew.
    void clear() {
        image.truncate(0);
        count = 0;
    }

    /// Adds all sets of a node, in order of their types.
    void add(int node) {
        Name name = nodes.setCount(node) == 0 ? Name.ROOT : owners.name(node);
        List<byte[]> signatures = null;
        for (int from = owners.start(node); from < owners.end(node); ) {
            int type = owners.records().type(owners.record(from));
            int to = from;
            while (to < owners.end(node) && owners.records().type(owners.record(to)) == type) {
                to++;
            }
            if (type != RecordType.RRSIG) {
                signatures = signatures == null ? signatures(owners, node) : signatures;
                Set set = set(owners, from, to, signatures);
                boolean denies = type == RecordType.NSEC;
                add(name, denies ? set.withTtlAtMost(negativeTtl) : set, hosts(name, set));
            }
            from = to;
        }
    }

    /// Adds a set that names no hosts.
    void add(Name owner, Set set) {
        add(owner, set, List.of());
    }

    private void add(Name owner, Set set, List<SetEncoder.Host> hosts) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            hashes = Arrays.copyOf(hashes, 2 * hashes.length);
            lengths = Arrays.copyOf(lengths, 2 * lengths.length);
        }
        long start =
                encoder.write(
                        image,
                        owner,
                        set.type(),
                        set.ttlSeconds(),
                        set.rdata(),
                        set.signatures(),
                        hosts);
        starts[count] = start;
        lengths[count] = (int) (image.end() - start);
        hashes[count] = SetPool.hash(image.memory(), start, lengths[count]);
        count++;
    }

    /// The set of a type that an owner has, which it must have.
    static Set set(Owners owners, int owner, int type) {
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

    private static List<byte[]> signatures(Owners owners, int owner) {
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

    private static Set set(Owners owners, int from, int to, List<byte[]> signatures) {
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

    private List<SetEncoder.Host> hosts(Name owner, Set set) {
        int offset = RdataNames.hostOffset(set.type());
        if (offset < 0) {
            return List.of();
        }
        boolean service = set.type() == RecordType.SVCB || set.type() == RecordType.HTTPS;
        List<SetEncoder.Host> hosts = List.of();
        for (int i = 0; i < set.rdata().size(); i++) {
            byte[] wire = set.rdata().get(i);
            int at = offset;
            if (service && wire[offset] == 0) {
                if (owner.isWildcard()) {
                    // The target is whatever name was asked for.
                    continue;
                }
                // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
                wire = owner.wire();
                at = 0;
            }
            int node = nodes.host(owners, wire, at);
            if (node != Nodes.NONE) {
                hosts = hosts.isEmpty() ? new ArrayList<>() : hosts;
                hosts.add(new SetEncoder.Host(i, Name.read(wire, at), nodes.reference(node)));
            }
        }
        return hosts;
    }

    int count() {
        return count;
    }

    /// The reference to a set of this batch once it is in a pool.
    int into(SetPool pool, int set) {
        return pool.reference(image.memory(), starts[set], lengths[set], hashes[set]);
    }

    @Override
    public void close() {
        image.close();
    }
}
