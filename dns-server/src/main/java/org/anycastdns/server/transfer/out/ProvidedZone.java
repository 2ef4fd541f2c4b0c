package org.anycastdns.server.transfer.out;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SerialOrder;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// A version of a zone that secondaries may have, and the changes that lead to it. Immutable, so a
/// transfer ends with the version that it began with, whatever happens to the zone meanwhile.
///
/// @param soa the SOA record of this version
/// @param records all records, the SOA record among them, of this version or of the one at which
///   `changes` begin; must not be modified
/// @param history the changes that lead here, without a gap, the oldest first
/// @param newest the newest serial that any version had: secondaries may have that version still
/// @param unique whether no other version had this serial. A change may begin only at such a
///   version: a secondary with the same serial could have other records
/// @param changes what leads from `records` to this version; none if they are its own
public record ProvidedZone(
        Name name,
        SoaRecord soa,
        Records records,
        List<IxfrStep> history,
        int newest,
        boolean unique,
        List<IxfrStep> changes) {

    /// The most changes that are kept. A secondary that missed more has not been there for long.
    static final int STEPS_MAX = 200;

    /// Changes of this many records are kept even in a smaller zone, so that a small zone has a
    /// history at all. A longer history than the zone itself is of no use (RFC 1995 section 5).
    static final int RECORDS_MIN = 1_000;

    /// The most changes beside the records of a zone; more are condensed to one.
    static final int CHANGES_MAX = 100;

    /// The most changed records beside the records of a zone. Then all are put together, which
    /// costs as much as the zone; a transfer must look at all changed ones before it begins.
    static final int CHANGED_MAX = 20_000;

    public ProvidedZone {
        history = List.copyOf(history);
        changes = List.copyOf(changes);
    }

    /// Creates a version whose records are all there.
    public ProvidedZone(
            Name name,
            SoaRecord soa,
            Records records,
            List<IxfrStep> history,
            int newest,
            boolean unique) {
        this(name, soa, records, history, newest, unique, List.of());
    }

    /// Returns all records of this version.
    Records allRecords() {
        if (changes.isEmpty()) {
            return records;
        }
        return switch (ZoneChanges.apply(records, changes.getFirst().from(), changes)) {
            case ZoneChanges.Outcome.Applied(Records all, _) -> all;
            case ZoneChanges.Outcome.Diverged(String reason) ->
                    throw new IllegalStateException("zone %s: %s".formatted(name, reason));
        };
    }

    /// Returns the next version, which is known by its changes. It costs what has changed, but for
    /// one time in many.
    ///
    /// @param steps at least one, without a gap; the first begins at this version. Each has a newer
    ///   serial.
    public ProvidedZone next(List<IxfrStep> steps) {
        IxfrStep step = CondensedSteps.of(steps);
        SoaRecord next = step.to();
        List<IxfrStep> longer = new ArrayList<>(history);
        if (unique) {
            longer.add(step);
        }
        boolean isNewest = SerialOrder.of(next.serial(), newest) == SerialOrder.NEWER;
        List<IxfrStep> since = new ArrayList<>(changes);
        since.add(step);
        ProvidedZone zone =
                new ProvidedZone(
                        name,
                        next,
                        records,
                        limited(longer, records.size()),
                        isNewest ? next.serial() : newest,
                        isNewest,
                        since.size() < CHANGES_MAX ? since : List.of(CondensedSteps.of(since)));
        return zone.changedRecords() <= Math.clamp(records.size() / 32L, RECORDS_MIN, CHANGED_MAX)
                ? zone
                : zone.together();
    }

    private long changedRecords() {
        return changes.stream().mapToLong(ProvidedZone::records).sum();
    }

    private ProvidedZone together() {
        return new ProvidedZone(name, soa, allRecords(), history, newest, unique);
    }

    /// What a new version is to secondaries.
    public enum Novelty {
        /// It says the same as before.
        SAME,
        /// Its serial is greater: secondaries are told.
        NEWER,
        /// Its content differs, but its serial is not greater: secondaries do not take it.
        NOT_NEWER
    }

    /// A new version, and what it is.
    public record Update(ProvidedZone zone, Novelty novelty) {}

    /// Returns the first version that is known.
    public static ProvidedZone first(Name name, SoaRecord soa, Records records) {
        return new ProvidedZone(name, soa, records, List.of(), soa.serial(), true);
    }

    /// Returns a version that was kept across a restart.
    ///
    /// @param history the changes that lead to it, without a gap, the oldest first
    /// @param newestSerial the newest serial that any version had; empty if it is this version's
    public static ProvidedZone restored(
            Name name,
            SoaRecord soa,
            Records records,
            List<IxfrStep> history,
            OptionalInt newestSerial) {
        return new ProvidedZone(
                name,
                soa,
                records,
                limited(history, records.size()),
                newestSerial.orElse(soa.serial()),
                newestSerial.isEmpty());
    }

    /// Returns the first version that is known, with the changes that led to it as far as they fit
    /// it: one that does not lead here, or adds what the version does not have, ends the history.
    ///
    /// @param changes without a gap, the oldest first; some may lead to later versions
    public static ProvidedZone continued(
            Name name, SoaRecord soa, Records records, List<IxfrStep> changes) {
        int end = changes.size();
        while (end > 0 && changes.get(end - 1).to().serial() != soa.serial()) {
            end--;
        }
        List<IxfrStep> history = limited(changes.subList(0, end), records.size());
        List<IxfrStep> back =
                history.reversed().stream()
                        .map(step ->
                                new IxfrStep(step.to(), step.adds(), step.from(), step.deletes()))
                        .toList();
        boolean fits =
                !back.isEmpty()
                        && ZoneChanges.apply(records, soa, back)
                                instanceof ZoneChanges.Outcome.Applied;
        return restored(name, soa, records, fits ? history : List.of(), OptionalInt.empty());
    }

    /// Returns the next version.
    ///
    /// @param next the SOA record of the next version
    /// @param nextRecords all its records, the SOA record among them
    public Update next(SoaRecord next, Records nextRecords) {
        IxfrStep step = ZoneDifference.between(soa, allRecords(), next, nextRecords);
        boolean same =
                step.deletes().size() == 0
                        && step.adds().size() == 0
                        && soa.record().equals(next.record());
        if (same) {
            return new Update(this, Novelty.SAME);
        }
        if (SerialOrder.of(next.serial(), soa.serial()) != SerialOrder.NEWER) {
            ProvidedZone zone = new ProvidedZone(name, next, nextRecords, List.of(), newest, false);
            return new Update(zone, Novelty.NOT_NEWER);
        }
        List<IxfrStep> longer = new ArrayList<>(history);
        if (unique) {
            longer.add(step);
        }
        boolean isNewest = SerialOrder.of(next.serial(), newest) == SerialOrder.NEWER;
        ProvidedZone zone =
                new ProvidedZone(
                        name,
                        next,
                        nextRecords,
                        limited(longer, nextRecords.size()),
                        isNewest ? next.serial() : newest,
                        isNewest);
        return new Update(zone, Novelty.NEWER);
    }

    /// Returns the newest steps within the limits.
    private static List<IxfrStep> limited(List<IxfrStep> steps, int zoneRecords) {
        long allowed = Math.max(zoneRecords, RECORDS_MIN);
        int from = steps.size();
        while (from > 0 && steps.size() - from < STEPS_MAX) {
            allowed -= records(steps.get(from - 1));
            if (allowed < 0) {
                break;
            }
            from--;
        }
        return steps.subList(from, steps.size());
    }

    /// Returns how many records a step has in a response, its SOA records included.
    static int records(IxfrStep step) {
        return step.deletes().size() + step.adds().size() + 2;
    }

    /// Returns the changes from a version to this one; null if they are not all kept.
    public @Nullable List<IxfrStep> since(int serial) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).from().serial() == serial) {
                return history.subList(i, history.size());
            }
        }
        return null;
    }
}
