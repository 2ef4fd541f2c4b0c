package org.anycastdns.server.zone.change;

import java.util.List;
import java.util.function.IntConsumer;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.Buckets;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Layout;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;

/// What must be known about the whole base to tell what a change of few names changes elsewhere.
///
/// @param children number of children by the first number of their parent, for nodes with children
/// @param dangling record sets that name hosts for which the zone has no addresses
/// @param named the hosts that record sets name; unknown in a zone without wildcards
/// @param wildcardHosts whether a record set names a host that a wildcard stands for
/// @param deepWildcards whether there is a wildcard below another name than the apex
record BaseFacts(
        IntTable children,
        Dangling dangling,
        NamedHosts named,
        boolean wildcardHosts,
        boolean deepWildcards) {

    /// Collects the facts about a zone without changes.
    static BaseFacts of(Zone zone) {
        Collector facts = new Collector(zone);
        nodes(zone, facts::place);
        facts.named = facts.wildcards ? NamedHosts.none() : NamedHosts.UNKNOWN;
        nodes(zone, facts::hosts);
        return new BaseFacts(
                facts.children,
                facts.dangling,
                facts.named,
                facts.wildcardHosts,
                facts.deepWildcards);
    }

    /// Gives all nodes of the base, by their first numbers.
    static void nodes(Zone zone, IntConsumer to) {
        to.accept(Layout.firstApex(zone.apex()));
        Buckets buckets = zone.buckets();
        for (int i = 0; i < buckets.count(); i++) {
            long bucket = buckets.at(i);
            int taken = buckets.taken(bucket);
            for (int slot = 0; slot < taken; slot++) {
                to.accept(buckets.node(bucket, slot));
            }
        }
    }

    private static final class Collector {
        private final Zone zone;
        private final NodeRecords records;
        private final NameBuffer buffer = new NameBuffer();
        private final IntTable children = IntTable.EMPTY.copy();
        private final Dangling dangling = Dangling.none();
        private NamedHosts named = NamedHosts.UNKNOWN;
        private boolean wildcards;
        private boolean wildcardHosts;
        private boolean deepWildcards;

        private Collector(Zone zone) {
            this.zone = zone;
            this.records = new NodeRecords(zone, GivenForm.OF_IMAGE);
        }

        private void place(int node) {
            int parent = zone.parent(node);
            if (parent != Zone.NONE) {
                children.put(parent, children.get(parent, 0) + 1);
                wildcards |= zone.isWildcard(node);
                deepWildcards |= zone.isWildcard(node) && zone.parent(parent) != Zone.NONE;
            }
        }

        private void hosts(int node) {
            boolean any = false;
            for (int type = 1; type < RdataNames.TYPES && !any; type++) {
                any = RdataNames.hostOffset(type) >= 0 && zone.findSet(node, type) != Zone.NONE;
            }
            if (!any) {
                return;
            }
            List<ResourceRecord> all = records.of(node);
            Name owner = records.name(node);
            for (int type : OwnerRecords.types(all)) {
                int set = zone.findSet(node, type);
                List<byte[]> rdata = OwnerRecords.rdata(OwnerRecords.ofType(all, type));
                for (HostNames.Host host : HostNames.of(zone.apex(), owner, type, rdata)) {
                    host(node, set, host);
                }
            }
        }

        private void host(int node, int set, HostNames.Host host) {
            buffer.set(host.name().wire(), 0);
            zone.hash(buffer);
            named.add(buffer, zone.apex());
            for (int i = 0; i < zone.sets().hostCount(set); i++) {
                if (zone.sets().hostRecord(set, i) == host.record()) {
                    wildcardHosts |= zone.isWildcard(zone.sets().hostNode(set, i));
                    return;
                }
            }
            dangling.add(buffer.hash(0), node);
        }
    }
}
