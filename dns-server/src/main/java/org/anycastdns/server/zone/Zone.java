package org.anycastdns.server.zone;

import java.util.Collection;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.jspecify.annotations.Nullable;

/// One zone, immutable: every owner name and empty non-terminal by its keyed hash.
public final class Zone {

    private final Name apex;
    private final Contents contents;
    private final int counterSlot;

    /// What a loaded zone holds; an unavailable zone has an empty table.
    ///
    /// @param table open addressing: a node stands at its hash or the next free place after it
    private record Contents(
            long seed,
            @Nullable Node[] table,
            @Nullable RecordSet soa,
            @Nullable RecordSet negativeSoa,
            Denial denial,
            int serial,
            long signatureExpirySeconds,
            int recordCount) {}

    private Zone(Name apex, Contents contents, int counterSlot) {
        this.apex = apex;
        this.contents = contents;
        this.counterSlot = counterSlot;
    }

    static Zone of(
            Name apex,
            long seed,
            Collection<Node> nodes,
            RecordSet soa,
            RecordSet negativeSoa,
            Denial denial,
            long signatureExpirySeconds,
            int recordCount,
            int counterSlot) {
        @Nullable Node[] table = new Node[capacity(nodes.size())];
        for (Node node : nodes) {
            int at = index(NameBuffer.hash(node.owner(), seed), table.length);
            while (table[at] != null) {
                at = (at + 1) & (table.length - 1);
            }
            table[at] = node;
        }
        int serial = SoaFields.serial(soa.rdata(0));
        return new Zone(
                apex,
                new Contents(
                        seed,
                        table,
                        soa,
                        negativeSoa,
                        denial,
                        serial,
                        signatureExpirySeconds,
                        recordCount),
                counterSlot);
    }

    /// A zone that is configured and could not be loaded: queries for it get SERVFAIL (RFC 8914
    /// section 4.15), never REFUSED, so that resolvers ask elsewhere.
    public static Zone unavailable(Name apex, int counterSlot) {
        return new Zone(
                apex,
                new Contents(0, new Node[1], null, null, new Denial.Unsigned(), 0, 0, 0),
                counterSlot);
    }

    /// A power of two that leaves a third of the table free.
    static int capacity(int entries) {
        return Integer.highestOneBit(Math.max(1, entries + entries / 2)) * 2;
    }

    static int index(long hash, int capacity) {
        return (int) (hash >>> 32) & (capacity - 1);
    }

    /// The node of the name that is left when that many labels are dropped, or null.
    ///
    /// @param name hashed with this zone's seed
    public @Nullable Node find(NameBuffer name, int dropped) {
        @Nullable Node[] table = contents.table;
        int at = index(name.hash(dropped), table.length);
        while (true) {
            Node node = table[at];
            if (node == null || name.equals(dropped, node.owner().folded())) {
                return node;
            }
            at = (at + 1) & (table.length - 1);
        }
    }

    /// The closest ancestor of a name that the zone has, the apex at the latest (RFC 4592 section
    /// 3.3.1).
    ///
    /// @param name at or below the apex, not itself in the zone
    public Node closestEncloser(NameBuffer name) {
        int most = name.labelCount() - apex.labelCount();
        for (int dropped = 1; dropped <= most; dropped++) {
            Node node = find(name, dropped);
            if (node != null) {
                return node;
            }
        }
        throw new IllegalArgumentException(name + " is not below " + apex);
    }

    /// The zone's name.
    public Name apex() {
        return apex;
    }

    /// Whether the zone could be loaded; if not, it has no data.
    public boolean available() {
        return contents.soa != null;
    }

    /// The SOA record set for negative answers: its TTL is the lower of SOA TTL and MINIMUM (RFC
    /// 2308 section 5).
    ///
    /// @throws IllegalStateException when the zone is not available
    public RecordSet negativeSoa() {
        RecordSet negative = contents.negativeSoa;
        if (negative == null) {
            throw new IllegalStateException(apex + " is not loaded");
        }
        return negative;
    }

    /// How the zone proves that something does not exist.
    public Denial denial() {
        return contents.denial;
    }

    /// SERIAL of the SOA, an unsigned number in an int; 0 when not available.
    public int serial() {
        return contents.serial;
    }

    /// EXPIRE of the SOA in seconds, an unsigned number in an int; 0 when not available.
    public int expireSeconds() {
        RecordSet soa = contents.soa;
        return soa == null ? 0 : SoaFields.expireSeconds(soa.rdata(0));
    }

    /// When the first of the zone's signatures expires, in seconds since 1970; 0 when it has none.
    public long signatureExpirySeconds() {
        return contents.signatureExpirySeconds;
    }

    /// Number of records, duplicates not counted.
    public int recordCount() {
        return contents.recordCount;
    }

    /// Where this zone's queries are counted, from 0 on.
    public int counterSlot() {
        return counterSlot;
    }

    /// The seed that names are to be hashed with before {@link #find}.
    public long seed() {
        return contents.seed;
    }

    @Override
    public String toString() {
        return apex
                + (available() ? " serial " + Integer.toUnsignedString(serial()) : " (not loaded)");
    }
}
