package org.anycastdns.server.transfer.secondary;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.daemon.kernel.Niceness;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.ImageFactory.Made;
import org.anycastdns.server.reload.LoaderPool;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.transfer.secondary.HeldZone.Outcome;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ImageMemory;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zone.change.ChangingZones;
import org.anycastdns.server.zone.change.ChangingZones.OverlayLimits;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Makes versions of zones ready to serve, on a pool of threads: checks their records and builds
/// their images. Catalogs need no image.
final class VersionBuilder implements AutoCloseable {

    private final ImageFactory images;
    private final ZoneStore stored;
    private final StoreWriter writer;
    private final Set<Name> catalogs;
    private final LoaderPool pool = new LoaderPool("build");
    private final ExecutorService background =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("merge").daemon().factory());

    /// @param writer says when what was written before can be read
    VersionBuilder(ImageFactory images, ZoneStore stored, StoreWriter writer, Set<Name> catalogs) {
        this.writer = writer;
        this.images = images;
        this.stored = stored;
        this.catalogs = catalogs;
        background.execute(Niceness::stepBack);
    }

    /// Returns what builds zones anew in the background, each in memory of its own.
    ChangingZones merging() {
        return new ChangingZones(OverlayLimits.USUAL, ParallelRunner.ALONE, images::memory);
    }

    /// Returns the thread for that. It runs one task after the other, at low priority.
    Executor background() {
        return background;
    }

    /// Builds a whole zone.
    ///
    /// @param records may only be stored afterwards, as they were given
    /// @param done gets the outcome, once, on a thread of the pool
    void whole(Name zone, SoaRecord soa, Records records, Consumer<Outcome> done) {
        run(zone, () -> made(zone, soa, records, pool::execute), done);
    }

    /// Builds a zone from the store again.
    void again(Name zone, SoaRecord soa, Consumer<Outcome> done) {
        run(zone, () -> restored(zone, soa, null), done);
    }

    /// Returns memory for many zones, for {@link #restore}.
    ImageMemory memory() {
        return images.memory();
    }

    /// Builds a zone from the store.
    ///
    /// @param memory for its image
    void restore(Name zone, SoaRecord soa, ImageMemory memory, Consumer<Outcome> done) {
        run(zone, () -> restored(zone, soa, memory), done);
    }

    /// Builds a later version of a zone.
    void later(Name zone, HeldZone held, List<IxfrStep> steps, Consumer<Outcome> done) {
        run(
                zone,
                () -> {
                    if (catalogs.contains(zone)) {
                        writer.await(zone);
                    }
                    return held.apply(steps);
                },
                done);
    }

    private void run(Name zone, Supplier<Outcome> work, Consumer<Outcome> done) {
        pool.execute(() -> {
            Outcome outcome;
            try {
                outcome = work.get();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError fault) {
                outcome =
                        unusable(zone, "internal error (%s); please report this".formatted(fault));
            }
            done.accept(outcome);
        });
    }

    private Outcome restored(Name zone, SoaRecord soa, @Nullable ImageMemory memory) {
        try {
            writer.await(zone);
            Records records = stored.records(zone);
            // A large zone changes where it is, so it gets memory of its own.
            return memory == null || OverlayLimits.USUAL.hasRoom(records.size())
                    ? made(zone, soa, records, background)
                    : outcome(
                            zone,
                            soa,
                            images.make(zone, origin(zone), records, pool, memory),
                            background);
        } catch (IOException e) {
            return unusable(zone, "the stored zone cannot be read: " + e.getMessage());
        }
    }

    private Outcome made(Name zone, SoaRecord soa, Records records, Executor prepares) {
        return catalogs.contains(zone)
                ? HeldCatalog.whole(zone, soa, records, stored)
                : outcome(zone, soa, images.make(zone, origin(zone), records, pool), prepares);
    }

    /// @param prepares prepares a large zone for its first change; at a start this must not take
    ///   time from the other zones
    private Outcome outcome(Name zone, SoaRecord soa, Made made, Executor prepares) {
        return switch (made) {
            case Made.Good(var served, var changing) -> {
                if (changing == null) {
                    yield new Outcome.Ready(new Rebuilt(zone, soa), served);
                }
                FutureTask<ChangingZone> later = new FutureTask<>(changing::get);
                prepares.execute(later);
                yield new Outcome.Ready(
                        new OverlaidZone(soa, later, served, each -> new Rebuilt(zone, each)),
                        served);
            }
            case Made.Bad bad -> new Outcome.Unusable(bad.first());
        };
    }

    private static Outcome unusable(Name zone, String text) {
        return new Outcome.Unusable(Problem.whole(origin(zone), Problem.Severity.ERROR, text));
    }

    /// Returns what problems with the content of a transferred zone show in place of a file.
    static String origin(Name zone) {
        return "zone " + zone;
    }

    /// A version whose successor is built as a whole, from the records in the store.
    private final class Rebuilt implements HeldZone {

        private final Name zone;
        private final SoaRecord soa;

        Rebuilt(Name zone, SoaRecord soa) {
            this.zone = zone;
            this.soa = soa;
        }

        @Override
        public SoaRecord soa() {
            return soa;
        }

        @Override
        public Outcome apply(List<IxfrStep> steps) {
            Records before;
            try {
                writer.await(zone);
                before = stored.records(zone);
            } catch (IOException e) {
                return new Outcome.Diverged("the stored zone cannot be read: " + e.getMessage());
            }
            return switch (ZoneChanges.apply(before, soa, steps)) {
                case ZoneChanges.Outcome.Applied(Records records, SoaRecord next) ->
                        made(zone, next, records, pool::execute);
                case ZoneChanges.Outcome.Diverged(String reason) -> new Outcome.Diverged(reason);
            };
        }
    }

    @Override
    public void close() {
        pool.close();
        background.shutdown();
    }
}
