package org.anycastdns.server.reload;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
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
    ImageFactory(CounterSlots slots, ReadRules rules, Clock clock, MemoryBudget budget) {
        this.slots = slots;
        this.rules = rules;
        this.clock = clock;
        this.budget = budget;
    }

    /// Returns the most records that one zone may have.
    public int recordsMax() {
        return rules.budget().zoneRecords();
    }

    /// Checks records and builds their image. An internal error is a problem of the zone alone.
    ///
    /// @param origin where the records come from, which problems show in place of a file
    /// @param records are changed; the caller must not use them afterwards
    /// @param runner works on a large zone in parallel
    public Made make(Name zone, String origin, Records records, ParallelRunner runner) {
        ImageMemory memory = ImageMemory.closeable(budget);
        boolean good = false;
        int size = records.size();
        try {
            ZoneFile checked = ZoneFile.of(zone, origin, records, rules, runner);
            List<Problem> problems = checked.problems(clock.instant());
            if (checked.hasErrors()) {
                return new Made.Bad(problems);
            }
            int slot = slots.slot(zone);
            boolean changes = changes(checked, size);
            Zone image =
                    changes
                            ? checked.zoneWithRoom(memory, slot, runner)
                            : checked.zone(memory, slot, runner);
            good = true;
            return new Made.Good(
                    new Delivery.Served(zone, image, problems, checked.zonemd()),
                    changes ? () -> checked.changing(image) : null);
        } catch (OverBudgetException e) {
            return bad(origin, e.reason());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return new Made.Bad(List.of(Fault.problem(Path.of(origin), "building", e)));
        } finally {
            if (!good) {
                memory.close();
            }
        }
    }

    /// Returns whether a zone may change without a look at all of it. A digest of the zone must be
    /// verified for each version.
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
