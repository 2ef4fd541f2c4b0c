package org.anycastdns.server.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RdataNames;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Makes a {@link Zone} of records that come in any order.
///
/// Records outside the zone are ignored, duplicates are dropped (RFC 2181 section 5), TTLs within a
/// record set become the lowest one (section 5.2), missing names between an owner and the apex
/// become empty non-terminals. Whether to warn about any of that is the zone file checker's
/// business.
public final class ZoneBuilder {

    private final Name apex;
    private final long seed;
    private final int counterSlot;
    // Canonical order puts every parent before its children.
    private final TreeMap<Name, TreeMap<Integer, List<ResourceRecord>>> owners = new TreeMap<>();

    /// Starts an empty zone.
    ///
    /// @param seed keys the hashes; all zones of a {@link ZoneSet} have the same
    /// @param counterSlot where the zone's queries are counted, from 0 on
    public ZoneBuilder(Name apex, long seed, int counterSlot) {
        this.apex = apex;
        this.seed = seed;
        this.counterSlot = counterSlot;
    }

    /// Adds a record; one that is not at or below the apex is ignored.
    public void add(ResourceRecord record) {
        if (record.owner().isAtOrBelow(apex)) {
            owners.computeIfAbsent(record.owner(), _ -> new TreeMap<>())
                    .computeIfAbsent(record.type(), _ -> new ArrayList<>(1))
                    .add(record);
        }
    }

    /// The finished zone.
    ///
    /// @throws IllegalStateException when the apex has no SOA record
    public Zone build() {
        addEmptyNonTerminals();
        Map<Name, Node> nodes = new TreeMap<>();
        int recordCount = 0;
        for (var entry : owners.entrySet()) {
            Node node = node(entry.getKey(), nodes);
            RecordSet[] sets =
                    entry.getValue().values().stream()
                            .map(ZoneBuilder::recordSet)
                            .toArray(RecordSet[]::new);
            node.sets(sets);
            node.governed();
            recordCount += Arrays.stream(sets).mapToInt(RecordSet::size).sum();
        }
        findHosts(nodes);
        Node root = nodes.get(apex);
        RecordSet soa = root == null ? null : root.find(RecordType.SOA);
        if (soa == null) {
            throw new IllegalStateException("zone " + apex + " has no SOA record");
        }
        byte[] rdata = soa.rdata(0);
        int negativeTtl = Math.min(soa.ttlSeconds(), SoaFields.minimumSeconds(rdata));
        RecordSet negativeSoa = new RecordSet(RecordType.SOA, negativeTtl, List.of(rdata));
        return Zone.of(apex, seed, nodes.values(), soa, negativeSoa, recordCount, counterSlot);
    }

    private void addEmptyNonTerminals() {
        for (Name owner : List.copyOf(owners.keySet())) {
            Name name = owner;
            while (!name.equals(apex)) {
                name = name.parent();
                if (owners.containsKey(name)) {
                    break;
                }
                owners.put(name, new TreeMap<>());
            }
        }
    }

    private Node node(Name owner, Map<Name, Node> nodes) {
        Node parent = owner.equals(apex) ? null : nodes.get(owner.parent());
        Node node = new Node(owner, parent);
        nodes.put(owner, node);
        if (parent != null && owner.isWildcard()) {
            parent.wildcard(node);
        }
        return node;
    }

    private static RecordSet recordSet(Collection<ResourceRecord> records) {
        List<byte[]> rdata = new ArrayList<>(records.size());
        Map<ByteKey, Boolean> seen = new java.util.HashMap<>();
        int ttl = Integer.MAX_VALUE;
        int type = 0;
        for (ResourceRecord record : records) {
            type = record.type();
            ttl = Math.min(ttl, record.ttlSeconds());
            if (seen.put(new ByteKey(record.rdata()), true) == null) {
                rdata.add(record.rdata());
            }
        }
        return new RecordSet(type, ttl, rdata);
    }

    /// RDATA as a key: arrays compare by identity.
    private record ByteKey(byte[] octets) {
        @Override
        public boolean equals(Object other) {
            return other instanceof ByteKey key && Arrays.equals(octets, key.octets);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(octets);
        }
    }

    private void findHosts(Map<Name, Node> nodes) {
        for (Node node : nodes.values()) {
            for (RecordSet set : node.sets()) {
                int offset = RdataNames.hostOffset(set.type());
                if (offset >= 0) {
                    @Nullable Host[] hosts = new Host[set.size()];
                    for (int i = 0; i < hosts.length; i++) {
                        hosts[i] = host(target(node, set, i, offset), nodes);
                    }
                    set.hosts(hosts);
                }
            }
        }
    }

    private static Name target(Node holder, RecordSet set, int index, int offset) {
        Name named = Name.read(set.rdata(index), offset);
        boolean service = set.type() == RecordType.SVCB || set.type() == RecordType.HTTPS;
        // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
        return service && named.isRoot() ? holder.owner() : named;
    }

    /// Where the addresses of a host stand: at its own node, or at the wildcard that covers it when
    /// nothing takes the name out of the zone.
    private @Nullable Host host(Name target, Map<Name, Node> nodes) {
        if (!target.isAtOrBelow(apex)) {
            return null;
        }
        Node node = nodes.get(target);
        if (node == null) {
            Name encloser = target.parent();
            while (!nodes.containsKey(encloser)) {
                encloser = encloser.parent();
            }
            Node above = nodes.get(encloser);
            node = above == null || above.governorBelow() != null ? null : above.wildcard();
        }
        boolean addresses =
                node != null
                        && (node.find(RecordType.A) != null || node.find(RecordType.AAAA) != null);
        return node != null && addresses ? new Host(target, node) : null;
    }
}
