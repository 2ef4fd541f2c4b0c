package org.anycastdns.server.zone.change;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.ImageNodes;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.NewNames;
import org.anycastdns.server.zone.NsecChain;
import org.anycastdns.server.zone.NumberList;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.OverlayEncoder;
import org.anycastdns.server.zone.build.OverlayEncoder.NodeParts;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zone.build.RrsigFields;
import org.anycastdns.server.zone.change.ChangingZone.Ground;
import org.anycastdns.server.zone.change.DraftNames.Draft;
import org.jspecify.annotations.Nullable;

/// Writes a change into the room behind the image of a zone and returns the zone with it.
///
/// ```
///   rules -> NSEC3 entries -> nodes placed -> sets without hosts, nodes -> Overlay, Zone
///         -> sets with hosts, which the new zone finds -> every touched owner read back
/// ```
final class OverlayWriter {

    /// A node written into the room.
    private record Placed(Draft draft, NodeParts parts, long at, int[] sets) {}

    private final ChangingZone from;
    private final Zone zone;
    private final Ground ground;
    private final OverlayEncoder encoder;
    private final ChangeRules rules;
    private final NodeRecords records;
    private final DraftNames names;
    private final HashDraft hashes;
    private final List<Placed> placed = new ArrayList<>();
    private final HostFinder hosts;

    private OverlayWriter(ChangingZone from, Ground ground, ZoneChange change, Arena scratch)
            throws NeedsBuildException {
        this.from = from;
        this.ground = ground;
        zone = from.zone();
        records = from.reader();
        encoder = new OverlayEncoder(scratch);
        rules = new ChangeRules(from, change);
        names =
                new DraftNames(
                        from,
                        ground,
                        rules.ordinary,
                        HostRules.renamed(zone, ground, rules.ordinary));
        hashes = new HashDraft(zone, ground.room());
        hosts = new HostFinder(ground);
    }

    /// Applies a change.
    ///
    /// @throws NeedsBuildException if an overlay would not give the same answers as a build; some
    ///   of the room may be used up
    static ChangingZone apply(ChangingZone from, Ground ground, ZoneChange change)
            throws NeedsBuildException {
        try (Arena scratch = Arena.ofConfined()) {
            return new OverlayWriter(from, ground, change, scratch).run(change);
        }
    }

    private ChangingZone run(ZoneChange change) throws NeedsBuildException {
        new HostRules(zone, ground, names).check();
        rules.checkCuts(names);
        if (!rules.hashed.isEmpty()) {
            hashes.write(rules.hashed, rules.nsec3Parameters(), rules.negativeTtl(), encoder);
        }
        List<Draft> rewritten = new ArrayList<>();
        for (Draft draft : names.all()) {
            if (draft.exists && draft.rewritten) {
                rewritten.add(draft);
            }
        }
        place(rewritten);
        hashes.requireMatches();
        for (Placed node : placed) {
            setsWithoutHosts(node);
            ground.room().write(OverlayEncoder.node(node.parts, node.sets), node.at);
        }
        Zone next = zone.with(overlay(change));
        for (Placed node : placed) {
            setsWithHosts(node, next);
            ground.room().write(OverlayEncoder.node(node.parts, node.sets), node.at);
        }
        new ReadBack(next, from.kept().form()).check(change, names.all());
        new ChainGaps(next).check(names.all(), hashes.gone());
        List<Name> owners = change.owners().stream().map(OwnerRecords::owner).toList();
        return from.next(next, owners, nextGround());
    }

    /// Takes room for the nodes, so that they can refer to each other. Parents come first.
    private void place(List<Draft> drafts) throws NeedsBuildException {
        List<int[]> types = new ArrayList<>();
        long[] at = new long[drafts.size()];
        int[] nsec3 = new int[drafts.size()];
        for (int i = 0; i < at.length; i++) {
            Draft draft = drafts.get(i);
            types.add(types(draft));
            nsec3[i] =
                    zone.denial() == Denial.NSEC3 && names.isAuthoritative(draft.name)
                            ? hashes.match(draft.name)
                            : -1;
            // The numbers of other nodes do not change the length.
            int wildcard = wildcard(draft) == null ? Zone.NONE : 1;
            int parent = isApex(draft) ? Zone.NONE : 1;
            at[i] =
                    ground.room()
                            .take(
                                    new NodeParts(
                                                    spelled(draft),
                                                    parent,
                                                    0,
                                                    wildcard,
                                                    nsec3[i],
                                                    types.get(i))
                                            .octets());
            if (draft.first == Zone.NONE) {
                draft.first = Layout.reference(at[i]);
            }
        }
        for (int i = 0; i < at.length; i++) {
            Draft draft = drafts.get(i);
            Draft wildcard = wildcard(draft);
            NodeParts parts =
                    new NodeParts(
                            spelled(draft),
                            isApex(draft) ? Zone.NONE : names.draft(draft.name.parent()).first,
                            flags(draft, types.get(i)),
                            wildcard == null ? Zone.NONE : wildcard.first,
                            nsec3[i],
                            types.get(i));
            placed.add(new Placed(draft, parts, at[i], new int[types.get(i).length]));
        }
    }

    /// Returns the name of a node that stays as it is spelled, or that of a new one.
    private Name spelled(Draft draft) {
        return draft.old == Zone.NONE ? draft.name : records.name(draft.old);
    }

    private boolean isDeepWildcard(Name name) {
        return name.isWildcard() && name.labelCount() > zone.apex().labelCount() + 1;
    }

    private boolean isApex(Draft draft) {
        return draft.name.labelCount() == zone.apex().labelCount();
    }

    /// Returns the wildcard child of a name after the change, or null.
    private @Nullable Draft wildcard(Draft draft) {
        if (draft.name.length() + 2 > Name.OCTETS_MAX) {
            return null;
        }
        Draft wildcard = names.draft(Name.of("*", draft.name));
        return wildcard.exists ? wildcard : null;
    }

    private int[] types(Draft draft) {
        if (draft.changed) {
            return OwnerRecords.types(draft.after);
        }
        if (draft.old == Zone.NONE) {
            return new int[0];
        }
        int[] types = new int[ImageNodes.setCount(zone.image(), draft.old)];
        long at = ImageNodes.sets(zone.image(), draft.old);
        for (int i = 0; i < types.length; i++) {
            types[i] = zone.image().get(Layout.U16, at) & 0xffff;
            at += Layout.SET_REFERENCE_OCTETS;
        }
        return types;
    }

    private int flags(Draft draft, int[] types) {
        boolean ns = Arrays.binarySearch(types, RecordType.NS) >= 0 && !isApex(draft);
        return (ns ? Layout.IS_DELEGATION : 0)
                | (Arrays.binarySearch(types, RecordType.DNAME) >= 0 ? Layout.HAS_DNAME : 0)
                | (draft.name.isWildcard() ? Layout.IS_WILDCARD : 0);
    }

    private void setsWithoutHosts(Placed node) throws NeedsBuildException {
        for (int i = 0; i < node.sets.length; i++) {
            int type = node.parts.types()[i];
            if (keeps(node.draft, type)) {
                node.sets[i] = zone.findSet(node.draft.old, type);
            } else if (RdataNames.hostOffset(type) < 0) {
                node.sets[i] = set(node.draft, type, List.of());
            } else {
                // Replaced once the new zone can be asked for hosts; not NONE until then.
                node.sets[i] = 1;
            }
        }
    }

    private void setsWithHosts(Placed node, Zone next) throws NeedsBuildException {
        for (int i = 0; i < node.sets.length; i++) {
            int type = node.parts.types()[i];
            if (!keeps(node.draft, type) && RdataNames.hostOffset(type) >= 0) {
                List<byte[]> rdata =
                        OwnerRecords.rdata(OwnerRecords.ofType(node.draft.after, type));
                node.sets[i] =
                        set(
                                node.draft,
                                type,
                                hosts.find(next, node.draft.name, node.draft.first, type, rdata));
            }
        }
    }

    private static boolean keeps(Draft draft, int type) {
        return draft.old != Zone.NONE
                && !(draft.renamed && RdataNames.hostOffset(type) >= 0)
                && (!draft.changed
                        || new OwnerRecords(draft.name, draft.before, draft.after).keeps(type));
    }

    private int set(Draft draft, int type, List<OverlayEncoder.NamedHost> named)
            throws NeedsBuildException {
        List<ResourceRecord> ofType = OwnerRecords.ofType(draft.after, type);
        int ttl = ofType.stream().mapToInt(ResourceRecord::ttlSeconds).min().orElse(0);
        return ground.room()
                .write(
                        encoder.set(
                                ofType.getFirst().owner(),
                                type,
                                type == RecordType.NSEC ? Math.min(ttl, rules.negativeTtl()) : ttl,
                                OwnerRecords.rdata(ofType),
                                OwnerRecords.rdata(OwnerRecords.covering(draft.after, type)),
                                named));
    }

    private Overlay overlay(ZoneChange change) throws NeedsBuildException {
        Overlay old = zone.overlay();
        IntTable nodes = old == null ? IntTable.EMPTY.copy() : old.nodes().copy();
        NewNames added = old == null ? NewNames.EMPTY.copy() : old.names().copy();
        NameBuffer buffer = new NameBuffer();
        for (Placed node : placed) {
            int present = Layout.reference(node.at);
            if (node.draft.first != present) {
                nodes.put(node.draft.first, present);
                Overlay.touch(zone.image(), node.draft.first);
            } else {
                buffer.set(node.draft.name.wire(), 0);
                zone.hash(buffer);
                NeedsBuildException.unless(
                        added.add(buffer.hash(0), present), "many new names have the same hash");
                zone.buckets().pass(buffer.hash(0));
            }
        }
        for (Draft draft : names.all()) {
            if (draft.vanishes()) {
                nodes.put(draft.first, Zone.NONE);
                Overlay.touch(zone.image(), draft.first);
            }
        }
        return new Overlay(
                zone.image(),
                nodes,
                added,
                nsec(),
                hashes.entries(),
                hashes.hashes(),
                nodes.get(Layout.firstApex(zone.apex()), zone.apexNode()),
                negativeSoa(),
                zone.recordCount() + records(change),
                expiry(change));
    }

    /// Returns the nodes with NSEC records that the chain of the base lacks.
    private NumberList nsec() {
        Overlay old = zone.overlay();
        NumberList nsec = old == null ? NumberList.EMPTY : old.nsec();
        if (zone.denial() != Denial.NSEC) {
            return nsec;
        }
        NameBuffer buffer = new NameBuffer();
        NumberList.Order<Integer> order =
                (one, other) -> ImageNodes.compare(zone.image(), one, other);
        for (Placed node : placed) {
            int first = node.draft.first;
            if (Arrays.binarySearch(node.parts.types(), RecordType.NSEC) >= 0
                    && names.isAuthoritative(node.draft.name)
                    && !isInBaseChain(first)) {
                int before = nsec.floor(order, first);
                if (before == NumberList.NOWHERE || nsec.at(before) != first) {
                    nsec = nsec.with(first, before);
                    buffer.set(node.draft.name.wire(), 0);
                    NsecChain chain = zone.nsecChain();
                    Overlay.touch(zone.image(), chain.node(chain.indexAtOrBefore(buffer)));
                }
            }
        }
        return nsec;
    }

    private boolean hasNsec(int node) {
        return ImageNodes.findSet(zone.image(), node, RecordType.NSEC) != Zone.NONE;
    }

    private boolean isInBaseChain(int first) {
        return Layout.offset(first) < ground.contentOctets()
                && hasNsec(first)
                && (ImageNodes.flags(zone.image(), first) & Layout.HAS_COVERING_CUT) == 0;
    }

    private int negativeSoa() throws NeedsBuildException {
        List<ResourceRecord> after = rules.apexAfter();
        if (after.isEmpty()) {
            return zone.negativeSoa();
        }
        return ground.room()
                .write(
                        encoder.set(
                                zone.apex(),
                                RecordType.SOA,
                                rules.negativeTtl(),
                                OwnerRecords.rdata(OwnerRecords.ofType(after, RecordType.SOA)),
                                OwnerRecords.rdata(OwnerRecords.covering(after, RecordType.SOA)),
                                List.of()));
    }

    private static int records(ZoneChange change) {
        return change.owners().stream()
                .mapToInt(owner ->
                        OwnerRecords.count(owner.after()) - OwnerRecords.count(owner.before()))
                .sum();
    }

    /// Returns a lower bound: a signature that is gone may have been the first to expire.
    private long expiry(ZoneChange change) {
        long first =
                zone.signatureExpirySeconds() == 0 ? Long.MAX_VALUE : zone.signatureExpirySeconds();
        for (OwnerRecords owner : change.owners()) {
            for (ResourceRecord record : OwnerRecords.ofType(owner.after(), RecordType.RRSIG)) {
                first = Math.min(first, RrsigFields.expirySeconds(record.rdata(), 0));
            }
        }
        return first == Long.MAX_VALUE ? 0 : first;
    }

    private Ground nextGround() {
        IntTable children = ground.children().copy();
        boolean vanished = ground.hostsVanished();
        boolean deepWildcards = ground.deepWildcards();
        for (Draft draft : names.all()) {
            if (draft.first != Zone.NONE && draft.children != draft.childrenBefore) {
                children.put(draft.first, draft.children);
            }
            vanished |= draft.vanishes() && ground.mayBeNamed(draft.hash);
            deepWildcards |= draft.exists && isDeepWildcard(draft.name);
        }
        return new Ground(
                ground.facts(),
                children,
                hosts.dangling(),
                hosts.named(),
                vanished,
                hosts.anyWildcard(),
                deepWildcards,
                ground.room(),
                ground.contentOctets(),
                ground.names());
    }
}
