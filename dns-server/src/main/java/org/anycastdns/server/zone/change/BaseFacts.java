package org.anycastdns.server.zone.change;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.anycastdns.server.rdata.RdataNames;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.zone.Buckets;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;

/// What must be known about the whole base to tell what a change of few names changes elsewhere.
///
/// @param children number of children by the first number of their parent, for nodes with children
/// @param dangling record sets that name hosts for which the zone has no addresses
/// @param wildcardHosts whether a record set names a host that a wildcard stands for
/// @param deepWildcards whether there is a wildcard below another name than the apex
/// @param lowerCase whether all owner names are in lower case
record BaseFacts(
        IntTable children,
        Dangling dangling,
        boolean wildcardHosts,
        boolean deepWildcards,
        boolean lowerCase) {

    /// Collects the facts about a zone without changes.
    static BaseFacts of(Zone zone) {
        Collector facts = new Collector(zone);
        nodes(zone, facts::add);
        return new BaseFacts(
                facts.children,
                facts.dangling,
                facts.wildcardHosts,
                facts.deepWildcards,
                facts.lowerCase);
    }

    /// Gives all nodes of the base, by their first numbers.
    static void nodes(Zone zone, IntConsumer to) {
        to.accept(Zone.firstApex(zone.apex()));
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
        private boolean wildcardHosts;
        private boolean deepWildcards;
        private boolean lowerCase = true;

        private Collector(Zone zone) {
            this.zone = zone;
            this.records = new NodeRecords(zone, GivenForm.OF_IMAGE);
        }

        private void add(int node) {
            int parent = zone.parent(node);
            if (parent != Zone.NONE) {
                children.put(parent, children.get(parent, 0) + 1);
                deepWildcards |= zone.isWildcard(node) && zone.parent(parent) != Zone.NONE;
            }
            zone.names().ofNode(node, buffer);
            lowerCase &=
                    Arrays.equals(
                            buffer.wire(), 0, buffer.length(), buffer.folded(), 0, buffer.length());
            if (zone.firstSet(node) != Zone.NONE) {
                hosts(node);
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
            for (int i = 0; i < zone.sets().hostCount(set); i++) {
                if (zone.sets().hostRecord(set, i) == host.record()) {
                    wildcardHosts |= zone.isWildcard(zone.sets().hostNode(set, i));
                    return;
                }
            }
            buffer.set(host.name().wire(), 0);
            zone.hash(buffer);
            dangling.add(buffer.hash(0), node);
        }
    }
}
