package org.anycastdns.server.zone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RdataNames;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Makes a {@link Zone} of records that come in any order; the same records give the same image,
/// octet for octet.
///
/// Records outside the zone are ignored, duplicates are dropped (RFC 2181 section 5), TTLs within a
/// record set become the lowest one (section 5.2), missing names between an owner and the apex
/// become empty non-terminals. Whether to warn about any of that is the zone file checker's
/// business.
///
/// ```
///   add -> owners by name -> sets, parents, governors -> NSEC3 chain -> places of the nodes
///       -> sets, each once -> nodes -> chain -> seed out of all that -> index
/// ```
public final class ZoneBuilder {

    private final Name apex;
    private final Map<Name, Owner> owners = new HashMap<>();
    private @Nullable Owner last;

    /// Starts an empty zone.
    public ZoneBuilder(Name apex) {
        this.apex = apex;
    }

    /// Adds a record; one that is not at or below the apex is ignored.
    public void add(ResourceRecord record) {
        Owner owner = last;
        if (owner == null || !owner.name.equals(record.owner())) {
            if (!record.owner().isAtOrBelow(apex)) {
                return;
            }
            owner = owners.computeIfAbsent(record.owner(), Owner::new);
            last = owner;
        }
        owner.add(record);
    }

    /// The finished zone, in memory that goes with it.
    ///
    /// @param counterSlot where the zone's queries are counted, from 0 on
    /// @throws IllegalStateException when the apex has no SOA record
    public Zone build(int counterSlot) {
        return build(ImageMemory.collected(), counterSlot);
    }

    /// The finished zone; the builder is empty afterwards.
    ///
    /// @param counterSlot where the zone's queries are counted, from 0 on
    /// @throws IllegalStateException when the apex has no SOA record, or the image becomes larger
    ///   than 16 GiB
    /// @throws IllegalArgumentException when a record set is larger than a message can be
    public Zone build(ImageMemory memory, int counterSlot) {
        try (ImageWriter image = new ImageWriter()) {
            write(image);
            return Zone.of(memory, image.copy(memory), counterSlot);
        }
    }

    private void write(ImageWriter image) {
        image.reserve(Layout.HEADER_OCTETS);
        long expiry = signatureExpirySeconds();
        int records = owners.values().stream().mapToInt(Owner::collect).sum();
        List<Owner> hashed = takeHashedOwners();
        addEmptyNonTerminals();
        List<Owner> nodes = new ArrayList<>(owners.values());
        Collections.sort(nodes);
        for (Owner node : nodes) {
            node.below(node.name.equals(apex) ? null : owners.get(node.name.parent()));
        }
        Owner root = owners.get(apex);
        Owner.Set soa = root == null ? null : root.find(RecordType.SOA);
        if (root == null || soa == null) {
            throw new IllegalStateException("zone " + apex + " has no SOA record");
        }
        Owner.Set negative = soa.withTtlAtMost(SoaFields.minimumSeconds(soa.rdata().getFirst()));
        nodes.forEach(node -> node.nsecTtlAtMost(negative.ttlSeconds()));
        ChainBuilder chain = new ChainBuilder(root, nodes, hashed, negative.ttlSeconds());
        for (Owner node : nodes) {
            node.offset = image.reserve(node.octets());
        }
        SetPool sets = new SetPool(image);
        for (Owner node : nodes) {
            write(image, node, sets);
        }
        int negativeSoa = sets.reference(apex, negative, List.of());
        chain.write(image, sets);
        image.i64(Layout.SIGNATURE_EXPIRY, expiry);
        image.i32(Layout.RECORD_COUNT, records);
        image.i32(Layout.APEX, root.reference());
        image.i32(Layout.NEGATIVE_SOA, negativeSoa);
        new IndexBuilder(apex, nodes).write(image);
        owners.clear();
        last = null;
    }

    /// Takes the owners of NSEC3 records out: hashed names are no names of the zone (RFC 5155
    /// section 7.2.8).
    private List<Owner> takeHashedOwners() {
        List<Owner> hashed = new ArrayList<>();
        owners.values()
                .removeIf(owner -> {
                    boolean isHashed = owner.find(RecordType.NSEC3) != null;
                    return isHashed && hashed.add(owner);
                });
        return hashed;
    }

    private long signatureExpirySeconds() {
        long first = 0;
        for (Owner owner : owners.values()) {
            long expiry = owner.signatureExpirySeconds();
            first = first == 0 || expiry == 0 ? Math.max(first, expiry) : Math.min(first, expiry);
        }
        return first;
    }

    private void addEmptyNonTerminals() {
        for (Owner owner : List.copyOf(owners.values())) {
            Name name = owner.name;
            while (!name.equals(apex)) {
                name = name.parent();
                if (owners.containsKey(name)) {
                    break;
                }
                owners.put(name, new Owner(name));
            }
        }
    }

    private void write(ImageWriter image, Owner node, SetPool sets) {
        long at = node.offset;
        Owner parent = node.parent;
        image.i32(at + Layout.PARENT, parent == null ? Zone.NONE : parent.reference());
        image.u8(at + Layout.FLAGS, node.flags());
        image.u8(at + Layout.NAME_OCTETS, node.name.length());
        image.u8(at + Layout.LABEL_COUNT, node.name.labelCount());
        image.u16(at + Layout.SET_COUNT, node.sets().size());
        at += Layout.NODE_OCTETS;
        for (Owner above : Arrays.asList(node.governor, node.wildcard)) {
            if (above != null) {
                image.i32(at, above.reference());
                at += 4;
            }
        }
        if (node.nsec3 >= 0) {
            image.i32(at, node.nsec3);
            at += 4;
        }
        for (Owner.Set set : node.sets()) {
            image.u16(at, set.type());
            image.i32(at + 2, sets.reference(node.name, set, hosts(node.name, set)));
            at += Layout.SET_REFERENCE_OCTETS;
        }
        byte[] wire = node.name.wire();
        image.octets(at, parent == null ? wire : Arrays.copyOf(wire, wire[0] + 1));
    }

    private List<SetEncoder.Host> hosts(Name owner, Owner.Set set) {
        int offset = RdataNames.hostOffset(set.type());
        if (offset < 0) {
            return List.of();
        }
        boolean service = set.type() == RecordType.SVCB || set.type() == RecordType.HTTPS;
        List<SetEncoder.Host> hosts = new ArrayList<>();
        for (int i = 0; i < set.rdata().size(); i++) {
            Name named = Name.read(set.rdata().get(i), offset);
            if (service && named.isRoot()) {
                if (owner.isWildcard()) {
                    // The target is whatever name was asked for.
                    continue;
                }
                // RFC 9460 section 2.5.2: the target "." stands for the owner itself.
                named = owner;
            }
            Owner node = host(named);
            if (node != null) {
                hosts.add(new SetEncoder.Host(i, named, node.reference()));
            }
        }
        return hosts;
    }

    /// Where the addresses of a host stand: at its own node, or at the wildcard that covers it when
    /// nothing takes the name out of the zone; null when there are none.
    private @Nullable Owner host(Name named) {
        if (!named.isAtOrBelow(apex)) {
            return null;
        }
        Owner node = owners.get(named);
        if (node == null) {
            Name name = named.parent();
            Owner encloser = owners.get(name);
            while (encloser == null) {
                name = name.parent();
                encloser = owners.get(name);
            }
            node = encloser.governorBelow() != null ? null : encloser.wildcard;
        }
        return node != null && node.hasAddresses() ? node : null;
    }
}
