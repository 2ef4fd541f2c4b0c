package org.anycastdns.server.store;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The zones of the store, and where their versions are. It follows from the entries of the log
/// alone, so that the same code reads the log at the start and notes what is written later.
final class ZoneIndex {

    private final Map<Name, ZoneVersions> zones = new LinkedHashMap<>();
    private long octets;
    private long historyOctets;

    /// Takes an entry.
    ///
    /// @throws IOException if its payload is nonsense
    void take(Draft entry, Place place) throws IOException {
        switch (entry.kind()) {
            case WHOLE -> takeBase(entry, place, records(entry).wholeSummary());
            case SNAPSHOT -> takeBase(entry, place, records(entry).snapshotSummary());
            case CHANGE -> {
                StoredRecords.Summary summary = records(entry).changeSummary(entry.from());
                check(entry, summary.soa());
                ZoneVersions.Change change =
                        new ZoneVersions.Change(
                                entry.version(),
                                entry.from(),
                                entry.to(),
                                place,
                                summary.records());
                update(entry.zone(), zone -> zone.put(change, summary.soa()));
            }
            case TIMERS -> {
                ZoneTimers.Saved timers = StoredRecords.timers(entry.payload());
                update(entry.zone(), zone -> zone.put(place, entry.version(), timers));
            }
            case NEWEST_SERIAL ->
                    update(entry.zone(), zone -> zone.put(place, entry.version(), entry.to()));
            case REMOVED -> remove(entry.zone());
            case CHECKPOINT -> {}
        }
    }

    private static StoredRecords records(Draft entry) {
        return new StoredRecords(entry.payload());
    }

    private void takeBase(Draft entry, Place place, StoredRecords.Summary summary)
            throws DamagedException {
        check(entry, summary.soa());
        ZoneVersions.Base base =
                new ZoneVersions.Base(
                        entry.version(), entry.to(), place, summary.file(), summary.records());
        update(entry.zone(), zone -> zone.put(base, summary.soa()));
    }

    private static void check(Draft entry, SoaRecord soa) throws DamagedException {
        if (soa.serial() != entry.to() || !soa.record().owner().equals(entry.zone())) {
            throw new DamagedException("an SOA record of something else");
        }
    }

    /// Notes that an entry is lost.
    void lost(EntryKind kind, Name name, long version) {
        switch (kind) {
            case WHOLE, SNAPSHOT, CHANGE -> update(name, zone -> zone.seen(version));
            case TIMERS -> update(name, ZoneVersions::loseTimers);
            case NEWEST_SERIAL -> update(name, zone -> zone.loseNewestSerial(version));
            case REMOVED -> remove(name);
            case CHECKPOINT -> {}
        }
    }

    /// Changes what is known of a zone.
    void update(Name name, Consumer<ZoneVersions> change) {
        ZoneVersions zone = zones.computeIfAbsent(name, ZoneVersions::new);
        add(zone, -1);
        change.accept(zone);
        add(zone, 1);
    }

    /// Checks a zone; see {@link ZoneVersions#settle}.
    @Nullable String settle(ZoneVersions zone) {
        add(zone, -1);
        String objection = zone.settle();
        add(zone, 1);
        return objection;
    }

    /// Checks a zone at the start.
    ///
    /// @param sizes the files of the folder
    /// @return why it cannot be used; null if it can
    @Nullable String objection(ZoneVersions zone, SortedMap<String, Long> sizes) {
        String objection = settle(zone);
        if (objection != null) {
            return objection;
        }
        SnapshotFile file = zone.base().file();
        return file == null || Objects.equals(sizes.get(file.name()), file.octets())
                ? null
                : "its snapshot %s is missing or has another size".formatted(file.name());
    }

    /// Returns whether a zone loses what it needs with a segment; see {@link ZoneVersions#losesAt}.
    boolean loses(ZoneVersions zone, long segment) {
        add(zone, -1);
        boolean loses = zone.losesAt(place -> place.segment() == segment);
        add(zone, 1);
        return loses;
    }

    private void add(ZoneVersions zone, int sign) {
        octets += sign * zone.octets();
        historyOctets += sign * zone.changeOctets();
    }

    /// Removes a zone.
    void remove(Name name) {
        ZoneVersions zone = zones.remove(name);
        if (zone != null) {
            add(zone, -1);
        }
    }

    /// Returns a zone, or null if it is not stored.
    @Nullable ZoneVersions get(Name name) {
        return zones.get(name);
    }

    /// Returns all zones.
    Collection<ZoneVersions> zones() {
        return zones.values();
    }

    /// Returns the octets of the log that are in use.
    long octets() {
        return octets;
    }

    /// Returns the octets of the log that are history.
    long historyOctets() {
        return historyOctets;
    }
}
