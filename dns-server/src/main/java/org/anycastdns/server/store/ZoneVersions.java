package org.anycastdns.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Where the versions of one zone are: all records of one version, the base, and changes before and
/// after it. The records themselves stay on disk.
///
/// ```
///   change, change, ... | base | change, ..., change
///   history             |      | needed for the present version, and history too
/// ```
final class ZoneVersions {

    private final Name name;
    private final TreeMap<Long, Change> changes = new TreeMap<>();
    private @Nullable Base base;
    private @Nullable SoaRecord soa;
    private @Nullable Place timersPlace;
    private ZoneTimers.@Nullable Saved timers;
    private boolean timersLost;
    private @Nullable NewestSerial newestSerial;
    private long soaVersion;
    private long newest;
    private long changeOctets;
    private long neededOctets;

    /// All records of a version.
    ///
    /// @param file where they are; null if they are in the log
    record Base(long version, int serial, Place place, @Nullable SnapshotFile file, int records) {

        /// Returns the octets that the records take.
        long octets() {
            return file == null ? place.octets() : file.octets();
        }
    }

    /// The change that leads to a version.
    ///
    /// @param records how many more records there are
    record Change(long version, int from, int to, Place place, int records) {}

    /// The newest serial of all versions, noted with a version that has not the newest.
    ///
    /// @param place null if it is lost
    private record NewestSerial(long version, int serial, @Nullable Place place) {}

    ZoneVersions(Name name) {
        this.name = name;
    }

    Name name() {
        return name;
    }

    /// Takes all records of a version. An older base than the present one is ignored.
    void put(Base other, SoaRecord otherSoa) {
        if (base == null || other.version() >= base.version()) {
            base = other;
            count();
            seen(other.version(), otherSoa);
        }
    }

    /// Takes a change; it replaces another place of the same.
    void put(Change change, SoaRecord to) {
        remove(change.version());
        changes.put(change.version(), change);
        changeOctets += change.place().octets();
        neededOctets += isNeeded(change) ? change.place().octets() : 0;
        seen(change.version(), to);
    }

    /// Takes timers.
    ///
    /// @param version the version that they are of
    void put(Place place, long version, ZoneTimers.@Nullable Saved saved) {
        timersPlace = place;
        timers = saved;
        timersLost = false;
        seen(version);
    }

    /// Notes that timers are lost. Without them the zone might be served for ever.
    void loseTimers() {
        timersLost = true;
    }

    /// Takes the newest serial of all versions.
    ///
    /// @param version the version that has an older one
    void put(Place place, long version, int serial) {
        newestSerial = new NewestSerial(version, serial, place);
        seen(version);
    }

    /// Notes that the newest serial is lost. A change could begin at the wrong version without it.
    void loseNewestSerial(long version) {
        newestSerial = new NewestSerial(version, 0, null);
        seen(version);
    }

    private @Nullable NewestSerial presentNewestSerial() {
        return newestSerial == null || newestSerial.version() != newest ? null : newestSerial;
    }

    private void seen(long version, SoaRecord other) {
        if (soa == null || version >= soaVersion) {
            soa = other;
            soaVersion = version;
        }
        seen(version);
    }

    /// Notes that there was a version, even if it is lost.
    void seen(long version) {
        newest = Math.max(newest, version);
    }

    private boolean isNeeded(Change change) {
        return base == null || change.version() > base.version();
    }

    private void count() {
        neededOctets =
                changes.values().stream()
                        .filter(this::isNeeded)
                        .mapToLong(change -> change.place().octets())
                        .sum();
    }

    private void remove(long version) {
        Change gone = changes.remove(version);
        if (gone != null) {
            changeOctets -= gone.place().octets();
            neededOctets -= isNeeded(gone) ? gone.place().octets() : 0;
        }
    }

    /// Removes the history that leads nowhere, and checks that the newest version can be made.
    ///
    /// @return why it cannot; null if it can
    @Nullable String settle() {
        if (base == null) {
            return "its records are lost";
        }
        if (timersLost) {
            return "the time when a primary confirmed it is lost";
        }
        NewestSerial present = presentNewestSerial();
        if (present != null && present.place() == null) {
            return "the newest serial is lost";
        }
        long first = base.version();
        while (changes.containsKey(first)) {
            first--;
        }
        while (!changes.isEmpty() && changes.firstKey() <= first) {
            remove(changes.firstKey());
        }
        long version = base.version();
        int serial = base.serial();
        for (Change change : changes.tailMap(version, false).values()) {
            if (change.version() != ++version || change.from() != serial) {
                return "a change is lost";
            }
            serial = change.to();
        }
        return version == newest ? null : "the last change is lost";
    }

    /// Removes the oldest history beyond limits.
    ///
    /// @param versionsMax versions that may be kept
    /// @param octetsMax octets that may be kept
    void trim(int versionsMax, long octetsMax) {
        while (!changes.isEmpty()
                && !isNeeded(changes.firstEntry().getValue())
                && (changes.size() > versionsMax || changeOctets > octetsMax)) {
            remove(changes.firstKey());
        }
    }

    /// Removes the history up to a version.
    void forget(long version) {
        changes.headMap(version, true).keySet().stream().toList().forEach(this::remove);
    }

    /// Returns all records of a version.
    Base base() {
        return Objects.requireNonNull(base);
    }

    /// Returns the snapshot with all records of a version; null if they are in the log.
    @Nullable SnapshotFile file() {
        return base == null ? null : base.file();
    }

    /// Returns the present version.
    long newest() {
        return newest;
    }

    /// Returns the SOA record of the present version.
    SoaRecord soa() {
        return Objects.requireNonNull(soa);
    }

    ZoneTimers.@Nullable Saved timers() {
        return timers;
    }

    /// Returns what is stored.
    StoredZone stored() {
        return new StoredZone(name, soa(), timers, records(), newestSerial());
    }

    /// Returns the newest serial of all versions; empty if the present version has it.
    OptionalInt newestSerial() {
        NewestSerial present = presentNewestSerial();
        return present == null ? OptionalInt.empty() : OptionalInt.of(present.serial());
    }

    private @Nullable Place newestSerialPlace() {
        NewestSerial present = presentNewestSerial();
        return present == null ? null : present.place();
    }

    /// Returns all changes that lead to the present version.
    List<Change> all() {
        return List.copyOf(changes.values());
    }

    /// Returns how many records the present version has.
    long records() {
        long more = 0;
        for (Change change : needed()) {
            more += change.records();
        }
        return base().records() + more;
    }

    /// Returns the changes that lead from the base to the present version.
    List<Change> needed() {
        return List.copyOf(changes.tailMap(base().version(), false).values());
    }

    /// Returns the octets of {@link #needed}.
    long neededOctets() {
        return neededOctets;
    }

    /// Returns the octets of all changes.
    long changeOctets() {
        return changeOctets;
    }

    /// Returns the octets in the log that are needed or history.
    long octets() {
        Place serial = newestSerialPlace();
        return changeOctets
                + (base == null ? 0 : base.place().octets())
                + (timersPlace == null ? 0 : timersPlace.octets())
                + (serial == null ? 0 : serial.octets());
    }

    /// Returns the changes from the last version with a serial to the present one; null if there
    /// are none.
    @Nullable List<Change> since(int serial) {
        if (serial == soa().serial()) {
            return List.of();
        }
        List<Change> since = new ArrayList<>();
        for (Change change : changes.descendingMap().values()) {
            since.addFirst(change);
            if (change.from() == serial) {
                return since;
            }
        }
        return null;
    }

    /// Returns whether an entry is in use.
    boolean uses(Draft entry, Place place) {
        Change change = changes.get(entry.version());
        return switch (entry.kind()) {
            case WHOLE, SNAPSHOT -> base != null && base.place().equals(place);
            case CHANGE -> change != null && change.place().equals(place);
            case TIMERS -> place.equals(timersPlace);
            case NEWEST_SERIAL -> place.equals(newestSerialPlace());
            case REMOVED, CHECKPOINT -> false;
        };
    }

    /// Returns whether a change is history only, not needed for the present version.
    boolean isHistory(long version) {
        return base != null && version <= base.version();
    }

    /// Returns whether an entry whose place is so is needed. Removes the history that has such a
    /// place.
    boolean losesAt(Predicate<Place> lost) {
        long last = 0;
        for (Map.Entry<Long, Change> each : changes.entrySet()) {
            if (lost.test(each.getValue().place())) {
                if (!isHistory(each.getKey())) {
                    return true;
                }
                last = each.getKey();
            }
        }
        forget(last);
        Place serial = newestSerialPlace();
        return (timersPlace != null && lost.test(timersPlace))
                || (serial != null && lost.test(serial))
                || (base != null && lost.test(base.place()));
    }
}
