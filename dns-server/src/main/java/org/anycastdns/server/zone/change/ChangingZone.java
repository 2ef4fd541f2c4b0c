package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Overlay;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// A version of a zone that can change: the zone as it is served, and what is needed to list its
/// records as they were given and to apply the next change. Immutable; versions share memory.
public final class ChangingZone {

    private final Zone zone;
    private final KeptRecords kept;
    private final @Nullable Ground ground;

    /// What an overlay needs beside the zone.
    ///
    /// @param facts about the base
    /// @param children number of children by first number of the parent, as it is now
    /// @param dangling like {@link BaseFacts#dangling}, for record sets of the overlay
    /// @param hostsVanished whether a name that record sets may name as a host is gone
    /// @param wildcardHosts like {@link BaseFacts#wildcardHosts}, for base and overlay
    record Ground(
            BaseFacts facts,
            IntTable children,
            Dangling dangling,
            boolean hostsVanished,
            boolean wildcardHosts,
            Room room,
            long contentOctets) {

        /// Returns what is needed to change a zone whose image has room behind it.
        static Ground of(Zone base) {
            BaseFacts facts = BaseFacts.of(base);
            return new Ground(
                    facts,
                    facts.children(),
                    Dangling.NONE,
                    false,
                    facts.wildcardHosts(),
                    new Room(base),
                    base.content().byteSize());
        }

        /// Returns whether any record set may name a host that has no addresses.
        boolean anyDangles() {
            return hostsVanished || !facts.dangling().isEmpty() || !dangling.isEmpty();
        }
    }

    ChangingZone(Zone zone, KeptRecords kept, @Nullable Ground ground) {
        this.zone = zone;
        this.kept = kept;
        this.ground = ground;
    }

    /// Returns the zone to serve.
    public Zone zone() {
        return zone;
    }

    KeptRecords kept() {
        return kept;
    }

    /// Returns what an overlay needs, or null if each change builds the zone anew.
    @Nullable Ground ground() {
        return ground;
    }

    /// Returns the part of the room for changes that is used, 0 to 1. Long before it is 1, the
    /// caller merges; a change that finds no room builds the zone anew.
    public double roomUsed() {
        return ground == null ? 0 : ground.room().used(ground.contentOctets());
    }

    /// Returns the number of names that differ from the base image.
    public int overlaidNames() {
        Overlay overlay = zone.overlay();
        return overlay == null ? 0 : overlay.nodes().size() + overlay.names().all().length;
    }

    /// Returns the records of an owner as they were given, in the order of type and RDATA.
    public List<ResourceRecord> at(Name owner) {
        List<ResourceRecord> own = kept.owners().get(owner);
        return own != null ? own : new NodeRecords(zone, kept.form()).at(owner);
    }

    /// Gives all records of the zone as they were given: owners with their spelling, TTLs, and what
    /// no answer has. The SOA record is among them, in no particular place.
    public void forEach(Consumer<ResourceRecord> to) {
        NodeRecords records = new NodeRecords(zone, kept.form());
        Overlay overlay = zone.overlay();
        BaseFacts.nodes(zone, first -> node(overlay, first, records, to));
        int length = zone.chainLength();
        boolean hashed = zone.denial() == Denial.NSEC3;
        for (int entry = 0; hashed && entry < length; entry++) {
            entry(overlay == null ? entry : overlay.presentEntry(entry), records, to);
        }
        if (overlay != null) {
            for (int first : overlay.names().all()) {
                node(overlay, first, records, to);
            }
            for (int first : overlay.hashes()) {
                entry(overlay.presentEntry(first), records, to);
            }
        }
        kept.owners().values().forEach(own -> own.forEach(to));
    }

    private void node(
            @Nullable Overlay overlay,
            int first,
            NodeRecords records,
            Consumer<ResourceRecord> to) {
        int node = overlay == null ? first : overlay.present(first);
        if (node != Zone.NONE && !kept.owners().containsKey(records.name(node))) {
            records.of(node).forEach(to);
        }
    }

    private void entry(int entry, NodeRecords records, Consumer<ResourceRecord> to) {
        if (entry < 0) {
            return;
        }
        Name owner = records.ownerOfEntry(entry);
        int node = records.find(owner);
        boolean given =
                kept.owners().containsKey(owner)
                        || (node != Zone.NONE && zone.findSet(node, RecordType.NSEC3) != Zone.NONE);
        if (!given) {
            records.ofEntry(entry).forEach(to);
        }
    }

    /// Returns all records, as {@link #forEach} gives them.
    public List<ResourceRecord> records() {
        List<ResourceRecord> records = new ArrayList<>();
        forEach(records::add);
        return records;
    }
}
