package org.anycastdns.server.zone.change;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ZoneBuilder;
import org.jspecify.annotations.Nullable;

/// Applies changes to zones, by an overlay or by building the zone anew. The answers are the same,
/// octet for octet.
///
/// @param limits from when on overlays are used
/// @param runner builds large zones in parallel
/// @param memories memory for the image of each zone that is built
public record ChangingZones(
        OverlayLimits limits, ParallelRunner runner, Supplier<ImageMemory> memories) {

    /// Octets of an image for each record, roughly.
    private static final int RECORD_OCTETS = 64;

    /// From when on changes become an overlay.
    ///
    /// @param recordsMin zones with fewer records are always built anew, which is as fast
    /// @param roomShare size of the room for changes, as a share of the image
    /// @param roomOctetsMin smallest size of the room
    public record OverlayLimits(int recordsMin, double roomShare, int roomOctetsMin) {

        /// The limits for service: below 20,000 records a build takes milliseconds. The room is an
        /// eighth of the image, so that the zone never takes much more memory than it must.
        public static final OverlayLimits USUAL = new OverlayLimits(20_000, 1.0 / 8, 1 << 16);

        /// Returns whether a zone with so many records gets room for changes.
        public boolean hasRoom(int records) {
            return records >= recordsMin;
        }
    }

    /// The result of a change.
    ///
    /// @param builtBecause why the zone was built anew; null if an overlay has the change
    public record Applied(ChangingZone zone, @Nullable String builtBecause) {}

    /// Builds a zone that can change.
    ///
    /// @param records are empty afterwards
    /// @param counterSlot index of the zone's query counters, from 0
    /// @throws IllegalStateException if the apex has no SOA record, or the image is too large
    /// @throws IllegalArgumentException if a record set is larger than a message can be
    public ChangingZone build(Records records, Name apex, int counterSlot) {
        OwnerTable owners = OwnerTable.of(records, apex, runner);
        return changing(owners, zone(owners, limits, runner, memories.get(), counterSlot));
    }

    /// Builds a zone, with room for changes if it is large enough, from records that are already
    /// grouped by owner.
    ///
    /// @param owners are renumbered; only {@link #changing} may use them afterwards
    /// @param runner builds a large zone in parallel
    /// @param counterSlot index of the zone's query counters, from 0
    /// @throws IllegalStateException if the apex has no SOA record, or the image is too large
    /// @throws IllegalArgumentException if a record set is larger than a message can be
    public static Zone zone(
            OwnerTable owners,
            OverlayLimits limits,
            ParallelRunner runner,
            ImageMemory memory,
            int counterSlot) {
        int size = owners.records().size();
        long share = (long) (limits.roomShare * size * RECORD_OCTETS);
        long room = limits.hasRoom(size) ? limits.roomOctetsMin + share : 0;
        return ZoneBuilder.build(owners, owners.origin(), runner, memory, counterSlot, room);
    }

    /// Returns a zone as it can change. This looks at all records, but the zone can be served
    /// meanwhile.
    ///
    /// @param owners what the zone was built from
    public static ChangingZone changing(OwnerTable owners, Zone zone) {
        return ChangingZone.of(
                zone,
                KeptRecords.of(owners, zone),
                zone.hasRoom() ? ChangingZone.Ground.of(zone) : null);
    }

    /// Applies a change to the version of the zone that it was made for.
    ///
    /// @throws IllegalStateException if the zone would have no SOA record, or become too large
    /// @throws IllegalArgumentException if a record set would be larger than a message can be
    public Applied apply(ChangingZone zone, ZoneChange change) {
        if (change.isEmpty()) {
            return new Applied(zone, null);
        }
        return switch (overlay(zone, change)) {
            case Overlaid.Done(ChangingZone next) -> new Applied(next, null);
            case Overlaid.NeedsBuild(String reason) -> new Applied(anew(zone, change), reason);
        };
    }

    /// The result of an attempt to change a zone by an overlay.
    public sealed interface Overlaid {

        /// The next version.
        record Done(ChangingZone zone) implements Overlaid {}

        /// Only building the zone anew helps.
        ///
        /// @param reason for logs
        record NeedsBuild(String reason) implements Overlaid {}
    }

    /// Applies a change to the version of the zone that it was made for, if an overlay can have it.
    ///
    /// @throws IllegalArgumentException if a record set would be larger than a message can be
    public static Overlaid overlay(ChangingZone zone, ZoneChange change) {
        ChangingZone.Ground ground = zone.ground();
        if (ground == null) {
            return new Overlaid.NeedsBuild("the zone is small");
        }
        try {
            return new Overlaid.Done(OverlayWriter.apply(zone, ground, change));
        } catch (NeedsBuildException e) {
            return new Overlaid.NeedsBuild(e.reason());
        }
    }

    private ChangingZone anew(ChangingZone zone, ZoneChange change) {
        Set<Name> touched = new HashSet<>();
        Records records = new Records();
        for (OwnerRecords owner : change.owners()) {
            touched.add(owner.owner());
            owner.after().forEach(record -> records.add(record, 0));
        }
        zone.forEach(record -> {
            if (!touched.contains(record.owner())) {
                records.add(record, 0);
            }
        });
        return build(records, zone.zone().apex(), zone.zone().counterSlot());
    }

    /// Builds the zone anew from its records: without an overlay, and the same as any build of the
    /// same records.
    public ChangingZone merge(ChangingZone zone) {
        Records records = new Records();
        zone.forEach(record -> records.add(record, 0));
        return build(records, zone.zone().apex(), zone.zone().counterSlot());
    }
}
