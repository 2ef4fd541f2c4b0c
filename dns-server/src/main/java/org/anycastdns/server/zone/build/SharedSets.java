package org.anycastdns.server.zone.build;

import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// Finds record sets that are the same for all children of a node, by their records. The typical
/// case is the NS record sets of a hosting provider with thousands of delegations in a registry.
/// Such a set is encoded only once.
///
/// Names in a set point to suffixes of its owner. If none of the names is at or below the owner,
/// the longest common suffix is also a suffix of the parent's name.
final class SharedSets {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /// Maximum number of slots probed for a set. The author of a zone could make its sets collide;
    /// such sets are then not shared but encoded one by one.
    private static final int STEPS_MAX = 16;

    private static final int SLOTS_MIN = 16;

    /// No key: the set is not shared.
    static final long NONE = 0;

    private final Nodes nodes;
    private final OwnerTable owners;
    private final OwnerNames names;
    private final Records records;
    private long[] keys = new long[SLOTS_MIN];
    private int[] starts = new int[SLOTS_MIN];
    private int[] ends = new int[SLOTS_MIN];
    private int[] above = new int[SLOTS_MIN];
    private int[] references = new int[SLOTS_MIN];
    private int count;

    SharedSets(Nodes nodes) {
        this.nodes = nodes;
        this.owners = nodes.owners;
        this.names = owners.names();
        this.records = owners.records();
    }

    /// Returns a key that equal sets have in common, or {@link #NONE}.
    ///
    /// @param from index of the set's first record among the sorted records of its owner
    /// @param to index after the set's last record
    /// @param ttl TTL of the set
    long key(int node, int from, int to, int ttl) {
        int type = records.type(owners.record(from));
        if (nodes.parent(node) == Nodes.NONE
                || RdataNames.compressible(type) != 1
                || owners.isWildcard(node)
                || owners.has(node, RecordType.RRSIG)) {
            return NONE;
        }
        long key = type * MULTIPLIER ^ ttl + nodes.parent(node);
        for (int i = from; i < to; i++) {
            int record = owners.record(i);
            byte[] octets = records.octets(record);
            int start = records.rdataOffset(record);
            int end = start + records.rdataLength(record);
            if (endsWith(octets, start, end, node)) {
                return NONE;
            }
            for (int j = start; j < end; j++) {
                key = (key ^ octets[j]) * MULTIPLIER;
                key ^= key >>> 29;
            }
        }
        return key | 1;
    }

    /// Returns whether octets may be a name at or below the owner.
    private boolean endsWith(byte[] octets, int start, int end, int node) {
        int length = names.length(node);
        byte[] owner = names.octets(node);
        int offset = names.offset(node);
        if (end - start < length) {
            return false;
        }
        int from = end - length;
        for (int i = 0; i < length; i++) {
            if (Name.fold(octets[from + i]) != Name.fold(owner[offset + i])) {
                return false;
            }
        }
        return true;
    }

    /// Returns the reference to a set that is in the pool, or 0. Any thread may call this while no
    /// set is added.
    int find(long key, int node, int from, int to) {
        int slot = slot(key);
        for (int i = 0; i < STEPS_MAX && keys[slot] != NONE; i++) {
            if (keys[slot] == key
                    && above[slot] == nodes.parent(node)
                    && same(starts[slot], ends[slot], from, to)) {
                return references[slot];
            }
            slot = slot + 1 & keys.length - 1;
        }
        return 0;
    }

    private boolean same(int start, int end, int from, int to) {
        if (end - start != to - from || ttl(start, end) != ttl(from, to)) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            int one = owners.record(start + i);
            int other = owners.record(from + i);
            if (records.type(one) != records.type(other) || records.compareRdata(one, other) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Returns the lowest TTL of some records (RFC 2181 section 5.2).
    int ttl(int from, int to) {
        int ttl = Integer.MAX_VALUE;
        for (int i = from; i < to; i++) {
            ttl = Math.min(ttl, records.ttlSeconds(owners.record(i)));
        }
        return ttl;
    }

    /// Adds a set that was added to the pool.
    void add(long key, int node, int from, int to, int reference) {
        if (find(key, node, from, to) != 0) {
            return;
        }
        if (2 * ++count > keys.length) {
            grow();
        }
        put(key, from, to, nodes.parent(node), reference);
    }

    private void put(long key, int from, int to, int parent, int reference) {
        int slot = slot(key);
        for (int i = 0; i < STEPS_MAX; i++) {
            if (keys[slot] == NONE) {
                keys[slot] = key;
                starts[slot] = from;
                ends[slot] = to;
                above[slot] = parent;
                references[slot] = reference;
                return;
            }
            slot = slot + 1 & keys.length - 1;
        }
    }

    private int slot(long key) {
        return (int) (key >>> 32) & keys.length - 1;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldStarts = starts;
        int[] oldEnds = ends;
        int[] oldAbove = above;
        int[] oldReferences = references;
        int size = 2 * oldKeys.length;
        keys = new long[size];
        starts = new int[size];
        ends = new int[size];
        above = new int[size];
        references = new int[size];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                put(oldKeys[i], oldStarts[i], oldEnds[i], oldAbove[i], oldReferences[i]);
            }
        }
    }
}
