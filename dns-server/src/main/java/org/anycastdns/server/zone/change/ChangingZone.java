package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.IntTable;
import org.anycastdns.server.zone.Layout;
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
    /// @param children number of children by first number of the parent, where it is not that of
    ///   the base
    /// @param dangling like {@link BaseFacts#dangling}, for record sets of the overlay
    /// @param named like {@link BaseFacts#named}, for record sets of the overlay
    /// @param hostsVanished whether a name that record sets may name as a host is gone
    /// @param wildcardHosts like {@link BaseFacts#wildcardHosts}, for base and overlay
    /// @param deepWildcards like {@link BaseFacts#deepWildcards}, for base and overlay
    /// @param contentOctets size of the image without the room
    /// @param names number of nodes of the base
    record Ground(
            BaseFacts facts,
            IntTable children,
            Dangling dangling,
            NamedHosts named,
            boolean hostsVanished,
            boolean wildcardHosts,
            boolean deepWildcards,
            Room room,
            long contentOctets,
            int names) {

        /// Returns what is needed to change a zone whose image has room behind it.
        static Ground of(Zone base) {
            BaseFacts facts = BaseFacts.of(base);
            return new Ground(
                    facts,
                    IntTable.EMPTY,
                    Dangling.none(),
                    facts.named() == NamedHosts.UNKNOWN ? NamedHosts.UNKNOWN : NamedHosts.none(),
                    false,
                    facts.wildcardHosts(),
                    facts.deepWildcards(),
                    new Room(base),
                    base.content().byteSize(),
                    base.content().get(Layout.I32, Layout.NODE_COUNT));
        }

        /// Returns the number of children of a node, by its first number.
        int childCount(int first) {
            return children.get(first, facts.children().get(first, 0));
        }

        /// Returns whether any record set may name a host at or below a name.
        ///
        /// @param hash of the name
        boolean mayBeNamed(long hash) {
            return facts.named().mayBeAtOrBelow(hash) || named.mayBeAtOrBelow(hash);
        }

        /// Returns whether any record set may name a host that has no addresses.
        boolean anyDangles() {
            return hostsVanished || !facts.dangling().isEmpty() || !dangling.isEmpty();
        }
    }

    private ChangingZone(Zone zone, KeptRecords kept, @Nullable Ground ground) {
        this.zone = zone;
        this.kept = kept;
        this.ground = ground;
    }

    /// Returns a zone without changes.
    static ChangingZone of(Zone base, KeptRecords kept, @Nullable Ground ground) {
        return new ChangingZone(base, kept, ground);
    }

    /// Returns the next version.
    ///
    /// @param changed the names whose records are not those of this version
    ChangingZone next(Zone next, List<Name> changed, Ground nextGround) {
        ContentDigest difference = ContentHash.difference(zone, next, changed);
        return new ChangingZone(
                next.with(zone.digest().plus(difference)), kept.without(changed), nextGround);
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

    /// Returns the digest of what is served. The first call for an image reads all of the zone.
    public ContentDigest digest() {
        return ContentHash.of(zone);
    }

    /// Returns the number of names of the base image, with empty non-terminals; 0 if each change
    /// builds the zone anew.
    public int baseNames() {
        return ground == null ? 0 : ground.names();
    }

    /// Returns the number of names that differ from the base image.
    public int overlaidNames() {
        Overlay overlay = zone.overlay();
        return overlay == null ? 0 : overlay.size();
    }

    /// Returns the records of an owner as they were given, in the order of type and RDATA.
    public List<ResourceRecord> at(Name owner) {
        return at(owner, reader());
    }

    /// Returns the records of an owner like {@link #at(Name)}, read by a {@link #reader}.
    List<ResourceRecord> at(Name owner, NodeRecords reader) {
        List<ResourceRecord> own = kept.of(owner);
        return own != null ? own : reader.at(owner);
    }

    /// Returns a reader of the records that the image has, for one thread.
    NodeRecords reader() {
        return new NodeRecords(zone, kept.form());
    }

    /// Gives all records of the zone as they were given: owners with their spelling, TTLs, and what
    /// no answer has. The SOA record is among them, in no particular place.
    public void forEach(Consumer<ResourceRecord> to) {
        reader().forEach(owner -> kept.of(owner) != null, to);
        kept.forEach(to);
    }

    /// Returns all records, as {@link #forEach} gives them.
    public List<ResourceRecord> records() {
        List<ResourceRecord> records = new ArrayList<>();
        forEach(records::add);
        return records;
    }
}
