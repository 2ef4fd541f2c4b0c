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
    private final TreeMap<Name, Map<Integer, List<ResourceRecord>>> owners = new TreeMap<>();
    private int recordCount;
    private long signatureExpirySeconds;

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
        Map<Name, Map<Integer, List<ResourceRecord>>> hashedOwners = takeHashedOwners();
        recordCount = 0;
        signatureExpirySeconds = 0;
        owners.values().forEach(this::noteSignatures);
        hashedOwners.values().forEach(this::noteSignatures);
        for (var types : hashedOwners.values()) {
            recordCount += types.values().stream().mapToInt(List::size).sum();
        }
        addEmptyNonTerminals();
        Map<Name, Node> nodes = new TreeMap<>();
        owners.forEach((owner, types) -> fill(node(owner, nodes), types));
        findHosts(nodes);
        Node root = nodes.get(apex);
        RecordSet soa = root == null ? null : root.find(RecordType.SOA);
        if (root == null || soa == null) {
            throw new IllegalStateException("zone " + apex + " has no SOA record");
        }
        RecordSet negativeSoa = soa.withTtlAtMost(SoaFields.minimumSeconds(soa.rdata(0)));
        int negativeTtl = negativeSoa.ttlSeconds();
        nodes.values().forEach(node -> nsecTtlAtMost(node, negativeTtl));
        Denial denial = nsec3(root, hashedOwners, nodes.values(), negativeTtl);
        if (denial instanceof Denial.Unsigned) {
            denial = nsec(nodes.values(), negativeTtl);
        }
        return Zone.of(
                apex,
                seed,
                nodes.values(),
                soa,
                negativeSoa,
                denial,
                signatureExpirySeconds,
                recordCount,
                counterSlot);
    }

    /// Takes the owners of NSEC3 records out: hashed names are no names of the zone (RFC 5155
    /// section 7.2.8).
    private Map<Name, Map<Integer, List<ResourceRecord>>> takeHashedOwners() {
        Map<Name, Map<Integer, List<ResourceRecord>>> hashed = new TreeMap<>();
        owners.forEach((owner, types) -> {
            if (types.containsKey(RecordType.NSEC3)) {
                hashed.put(owner, types);
            }
        });
        owners.keySet().removeAll(hashed.keySet());
        return hashed;
    }

    private void noteSignatures(Map<Integer, List<ResourceRecord>> types) {
        for (ResourceRecord signature : types.getOrDefault(RecordType.RRSIG, List.of())) {
            long expiry = RrsigFields.expirySeconds(signature.rdata());
            signatureExpirySeconds =
                    signatureExpirySeconds == 0 ? expiry : Math.min(signatureExpirySeconds, expiry);
        }
    }

    private void fill(Node node, Map<Integer, List<ResourceRecord>> types) {
        List<ResourceRecord> signatures = types.getOrDefault(RecordType.RRSIG, List.of());
        List<RecordSet> sets = new ArrayList<>(types.size());
        types.forEach((type, records) -> {
            RecordSet set = recordSet(records, covering(signatures, type));
            recordCount += set.size();
            // One signature answers QTYPE=RRSIG: all of them would only amplify.
            sets.add(type == RecordType.RRSIG ? oneSignature(records.getFirst(), types) : set);
        });
        node.sets(sets.toArray(RecordSet[]::new));
        node.governed();
    }

    /// A signature as an answer of its own; its TTL is that of the set it covers (RFC 4034 section
    /// 3).
    private static RecordSet oneSignature(
            ResourceRecord signature, Map<Integer, List<ResourceRecord>> types) {
        RecordSet alone = recordSet(List.of(signature), List.of());
        List<ResourceRecord> covered = types.get(RrsigFields.covered(signature.rdata()));
        return covered == null
                ? alone
                : new RecordSet(
                        RecordType.RRSIG,
                        recordSet(covered, List.of()).ttlSeconds(),
                        List.of(signature.rdata()),
                        List.of());
    }

    /// NSEC records live no longer than negative answers (RFC 9077 section 3), asked for by name as
    /// well.
    private static void nsecTtlAtMost(Node node, int negativeTtl) {
        node.ttlAtMost(RecordType.NSEC, negativeTtl);
        RecordSet signature = node.find(RecordType.RRSIG);
        if (signature != null && RrsigFields.covered(signature.rdata(0)) == RecordType.NSEC) {
            node.ttlAtMost(RecordType.RRSIG, negativeTtl);
        }
    }

    private static List<byte[]> covering(List<ResourceRecord> signatures, int type) {
        return signatures.stream()
                .map(ResourceRecord::rdata)
                .filter(rdata -> RrsigFields.covered(rdata) == type)
                .toList();
    }

    /// NSEC records count when the apex has one (RFC 4035 section 2.3); their TTL is that of
    /// negative answers (RFC 9077 section 3.2).
    private static Denial nsec(Collection<Node> inOrder, int negativeTtl) {
        List<DenialRecord> chain = new ArrayList<>();
        for (Node node : inOrder) {
            RecordSet set = node.find(RecordType.NSEC);
            if (set != null && node.governor() == null) {
                chain.add(new DenialRecord(node.owner(), set.withTtlAtMost(negativeTtl)));
            } else if (node.parent() == null) {
                break;
            }
        }
        return chain.isEmpty() ? new Denial.Unsigned() : new Denial.Nsec(new NsecChain(chain));
    }

    private static Denial nsec3(
            Node root,
            Map<Name, Map<Integer, List<ResourceRecord>>> hashedOwners,
            Collection<Node> nodes,
            int negativeTtl) {
        RecordSet parameters = root.find(RecordType.NSEC3PARAM);
        if (parameters == null || hashedOwners.isEmpty()) {
            return new Denial.Unsigned();
        }
        Nsec3Fields fields = new Nsec3Fields(parameters.rdata(0));
        List<Nsec3Chain.Hashed> hashed = new ArrayList<>();
        hashedOwners.forEach((owner, types) -> {
            List<ResourceRecord> records =
                    types.getOrDefault(RecordType.NSEC3, List.of()).stream()
                            .filter(record -> fields.sameParameters(record.rdata()))
                            .toList();
            byte[] hash = Nsec3Fields.ownerHash(owner, root.owner());
            if (hash.length == Nsec3Hash.OCTETS && !records.isEmpty()) {
                RecordSet set =
                        recordSet(
                                records,
                                covering(
                                        types.getOrDefault(RecordType.RRSIG, List.of()),
                                        RecordType.NSEC3));
                hashed.add(
                        new Nsec3Chain.Hashed(
                                hash, new DenialRecord(owner, set.withTtlAtMost(negativeTtl))));
            }
        });
        if (hashed.isEmpty() || !fields.usable()) {
            return new Denial.Unsigned();
        }
        Nsec3Chain chain = new Nsec3Chain(fields.salt(), fields.iterations(), hashed);
        Nsec3Hash hash = new Nsec3Hash();
        for (Node node : nodes) {
            if (node.governor() == null) {
                byte[] folded = node.owner().folded();
                node.nsec3(chain.match(chain.hash(hash, folded, 0, folded.length)));
            }
        }
        return new Denial.Nsec3(chain);
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

    private static RecordSet recordSet(
            Collection<ResourceRecord> records, List<byte[]> signatures) {
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
        return new RecordSet(type, ttl, rdata, signatures);
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
