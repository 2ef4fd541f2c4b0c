package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.MemoryBudget;
import org.anycastdns.server.zone.OverBudgetException;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.server.zonefile.ZonemdStatus;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Checks records that did not come from a file and builds their image, with the code for zone
/// files. Any thread may use it.
///
/// A primary decides what its zone holds, so contradictions are warnings. A version without an SOA
/// record, or with a record set that fits no message, is refused. The `zonemd` option decides about
/// a wrong digest.
public final class ImageFactory {

    private final CounterSlots slots;
    private final ReadRules rules;
    private final Clock clock;
    private final MemoryBudget budget;
    private final RecordsReceiver receiver;

    /// What became of the records.
    public sealed interface Made {

        /// A version that can be served.
        ///
        /// @param changing makes the zone as it can change, which takes about as long as the build;
        ///   null if every change must build it anew
        record Good(Delivery.Served served, @Nullable Supplier<ChangingZone> changing)
                implements Made {}

        /// The version cannot be served.
        ///
        /// @param problems at least one error
        record Bad(List<Problem> problems) implements Made {

            /// Returns the first error, with its place.
            public Problem first() {
                return problems.stream().filter(Problem::isError).findFirst().orElseThrow();
            }
        }
    }

    /// @param budget of memory for all zones
    /// @param receiver wants the records of some zones
    ImageFactory(
            CounterSlots slots,
            ReadRules rules,
            Clock clock,
            MemoryBudget budget,
            RecordsReceiver receiver) {
        this.receiver = receiver;
        this.slots = slots;
        this.rules = rules;
        this.clock = clock;
        this.budget = budget;
    }

    /// Returns the most records that one zone may have.
    public int recordsMax() {
        return rules.budget().zoneRecords();
    }

    /// Returns memory for the images of zones that are made together. One for many costs less than
    /// one for each.
    public ImageMemory memory() {
        return ImageMemory.closeable(budget);
    }

    /// Checks records and builds their image in memory of its own. An internal error is a problem
    /// of the zone alone.
    ///
    /// @param origin where the records come from, which problems show in place of a file
    /// @param records are changed; the caller must not use them afterwards
    /// @param runner works on a large zone in parallel
    public Made make(Name zone, String origin, Records records, ParallelRunner runner) {
        ImageMemory memory = memory();
        int size = records.size();
        Made made =
                make(
                        zone,
                        origin,
                        records,
                        runner,
                        memory,
                        checked ->
                                (!receiver.wants(zone) || receiver.followsChanges(zone))
                                        && changes(checked, size));
        if (made instanceof Made.Bad) {
            memory.close();
        }
        return made;
    }

    /// Checks records and builds their image. Every change must build it anew.
    ///
    /// @param memory for the image and for others; a zone that changes needs one of its own
    public Made make(
            Name zone, String origin, Records records, ParallelRunner runner, ImageMemory memory) {
        return make(zone, origin, records, runner, memory, _ -> false);
    }

    private Made make(
            Name zone,
            String origin,
            Records records,
            ParallelRunner runner,
            ImageMemory memory,
            Predicate<ZoneFile> mayChange) {
        try {
            ZoneFile checked = ZoneFile.of(zone, origin, records, rules, runner);
            List<Problem> problems = checked.problems(clock.instant());
            if (checked.hasErrors()) {
                return new Made.Bad(problems);
            }
            int slot = slots.slot(zone);
            boolean changes = mayChange.test(checked);
            Zone image =
                    changes
                            ? checked.zoneWithRoom(memory, slot, runner)
                            : checked.zone(memory, slot, runner);
            Records given = receiver.wants(zone) ? checked.served() : null;
            return new Made.Good(
                    new Delivery.Served(zone, image, problems, checked.zonemd(), given),
                    changes ? () -> checked.changing(image) : null);
        } catch (OverBudgetException e) {
            return bad(origin, e.reason());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return new Made.Bad(List.of(Fault.problem(Path.of(origin), "building", e)));
        }
    }

    /// Returns whether a zone may change without a look at all of it. A digest of the zone must be
    /// verified for each version; who wants the records of each wants them as a whole.
    private static boolean changes(ZoneFile checked, int records) {
        boolean hasDigest =
                checked.zonemd() != ZonemdStatus.ABSENT
                        && checked.zonemd() != ZonemdStatus.UNCHECKED;
        return OverlayLimits.USUAL.hasRoom(records) && checked.isWhole() && !hasDigest;
    }

    private static Made bad(String origin, String text) {
        return new Made.Bad(List.of(Problem.whole(origin, Problem.Severity.ERROR, text)));
    }
}
