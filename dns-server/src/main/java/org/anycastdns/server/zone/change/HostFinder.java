package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.OverlayEncoder;

/// Finds the hosts of record sets that a change writes, in the zone after the change.
final class HostFinder {

    private boolean shared = true;
    private NamedHosts named;
    private boolean namedShared = true;
    private final NameBuffer buffer = new NameBuffer();
    private final NameBuffer other = new NameBuffer();
    private Dangling dangling;
    private boolean wildcard;

    HostFinder(ChangingZone.Ground ground) {
        this.dangling = ground.dangling();
        this.named = ground.named();
        this.wildcard = ground.wildcardHosts();
    }

    /// Returns the hosts that the records of a set name and that have addresses in the zone.
    ///
    /// @param node first number of the owner's node
    /// @param rdata the records, in order, without duplicates
    List<OverlayEncoder.NamedHost> find(
            Zone zone, Name owner, int node, int type, List<byte[]> rdata) {
        List<OverlayEncoder.NamedHost> found = new ArrayList<>();
        for (HostNames.Host host : HostNames.of(zone.apex(), owner, type, rdata)) {
            buffer.set(host.name().wire(), 0);
            zone.hash(buffer);
            names(zone);
            int target = target(zone);
            boolean useful =
                    target != Zone.NONE
                            && (zone.findSet(target, RecordType.A) != Zone.NONE
                                    || zone.findSet(target, RecordType.AAAA) != Zone.NONE
                                    || (host.alias() && zone.findSet(target, type) != Zone.NONE));
            if (useful) {
                wildcard |= zone.isWildcard(target);
                zone.names().ofNode(target, other);
                zone.hash(other);
                int first = zone.findFirst(other, 0);
                found.add(new OverlayEncoder.NamedHost(host.record(), host.name(), first));
            } else {
                dangles(buffer.hash(0), node);
            }
        }
        return found;
    }

    /// Returns the node for the name in the buffer: its own, or the wildcard that stands for it.
    private int target(Zone zone) {
        int node = zone.findNode(buffer, 0);
        for (int dropped = 1; node == Zone.NONE; dropped++) {
            int encloser = zone.findNode(buffer, dropped);
            if (encloser != Zone.NONE) {
                return zone.coveringCutBelow(encloser) == Zone.NONE
                        ? zone.wildcard(encloser)
                        : Zone.NONE;
            }
        }
        return node;
    }

    private void names(Zone zone) {
        if (namedShared) {
            named = named.copy();
            namedShared = false;
        }
        named.add(buffer, zone.apex());
    }

    private void dangles(long hash, int owner) {
        if (shared) {
            dangling = dangling.copy();
            shared = false;
        }
        dangling.add(hash, owner);
    }

    /// Returns the record sets of the overlay that name hosts without addresses.
    Dangling dangling() {
        return dangling;
    }

    /// Returns the hosts that record sets of the overlay name.
    NamedHosts named() {
        return named;
    }

    /// Returns whether a record set of base or overlay names a host that a wildcard stands for.
    boolean anyWildcard() {
        return wildcard;
    }
}
