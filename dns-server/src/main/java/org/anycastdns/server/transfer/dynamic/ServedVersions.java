package org.anycastdns.server.transfer.dynamic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.LoaderPool;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.update.ZoneContent;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.change.ChangingZone;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what is served of zones that change. One version of a zone is built at a time; what
/// changes meanwhile is in the next one. A version of a large zone is an overlay of the one before,
/// and secondaries are told the changes; a small one is built as a whole. Owned by the thread
/// `update`.
final class ServedVersions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DynamicZones.class);

    private final Supplier<ImageFactory> images;
    private final Consumer<Delivery> deliver;
    private final BiConsumer<Name, List<IxfrStep>> follow;
    private final UpdateLog log;
    private final Executor thread;
    private final LoaderPool pool = new LoaderPool("build");

    /// @param images makes what is served
    /// @param deliver takes it; any thread may call it
    /// @param follow is told of changes that are in service; it must return at once
    /// @param thread runs tasks on the thread `update`
    ServedVersions(
            Supplier<ImageFactory> images,
            Consumer<Delivery> deliver,
            BiConsumer<Name, List<IxfrStep>> follow,
            UpdateLog log,
            Executor thread) {
        this.log = log;
        this.images = images;
        this.deliver = deliver;
        this.follow = follow;
        this.thread = thread;
    }

    /// Serves a stored version, before the thread runs.
    void restore(ZoneStore store, DynamicZone zone, SoaRecord soa) {
        try {
            Records records = store.records(zone.name);
            zone.content = new ZoneContent(records, soa);
            switch (images.get().make(zone.name, zone.origin(), records, pool)) {
                case ImageFactory.Made.Good(Delivery.Served served, var changing) -> {
                    zone.isTaken = true;
                    zone.isRestored = true;
                    zone.version = version(soa, served, changing);
                    deliver.accept(new Delivery.Changed(served, () -> {}));
                }
                case ImageFactory.Made.Bad bad -> broken(zone, bad.first().toString());
            }
        } catch (IOException e) {
            // The store has left a damaged zone out, and says so; the file counts again.
            LOG.warn("zone {} begins with its file again: {}", zone.name, e.getMessage());
        }
    }

    private static void broken(DynamicZone zone, String reason) {
        zone.isBroken = true;
        zone.content = null;
        LOG.error(
                "zone {}: the version in the state folder cannot be served ({}): the file is served"
                        + " and updates get SERVFAIL; mend what it names, or delete the folder to"
                        + " begin with the file",
                zone.name,
                reason);
    }

    /// Begins to build the present version of a zone, unless an older one is being built.
    ///
    /// @return whether it is taken care of
    boolean serve(DynamicZone zone) {
        if (zone.isBuilding) {
            return false;
        }
        ZoneContent content = Objects.requireNonNull(zone.content);
        log(zone, content);
        List<IxfrStep> steps = List.copyOf(zone.unserved);
        zone.unserved.clear();
        boolean isDue = zone.isDue;
        zone.isDue = false;
        ChangingVersion version = zone.version;
        if (version == null) {
            Records records = content.records();
            build(zone, steps, () -> make(zone, records, steps));
        } else if (!steps.isEmpty()) {
            build(zone, steps, () -> change(zone, version, steps));
        } else if (isDue) {
            delivered(zone, version, steps);
        }
        return true;
    }

    private static void log(DynamicZone zone, ZoneContent content) {
        if (zone.messages > 0) {
            LOG.info(
                    "zone {} changed to serial {}: updates={} deleted={} added={}",
                    zone.name,
                    Integer.toUnsignedString(content.soa().serial()),
                    zone.messages,
                    zone.deletes,
                    zone.adds);
        }
        zone.messages = 0;
        zone.deletes = 0;
        zone.adds = 0;
    }

    /// Makes the next version of a large zone, on a thread of the pool.
    private void change(DynamicZone zone, ChangingVersion version, List<IxfrStep> steps) {
        ChangingVersion next = version.next(steps);
        Records records = next == null ? version.records(steps) : null;
        if (next != null) {
            thread.execute(() -> {
                zone.isBuilding = false;
                delivered(zone, next, steps);
            });
        } else if (records != null) {
            make(zone, records, steps);
        } else {
            thread.execute(() -> {
                // All that has come meanwhile is in it, too.
                List<IxfrStep> all = new ArrayList<>(steps);
                all.addAll(zone.unserved);
                zone.unserved.clear();
                Records present = Objects.requireNonNull(zone.content).records();
                build(zone, all, () -> make(zone, present, all));
            });
        }
    }

    /// Works on the next version on a thread of the pool. After an internal error its changes are
    /// part of the version after it.
    private void build(DynamicZone zone, List<IxfrStep> steps, Runnable work) {
        zone.isBuilding = true;
        pool.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError fault) {
                thread.execute(() -> {
                    zone.isBuilding = false;
                    zone.version = null;
                    zone.unserved.addAll(0, steps);
                    log.unserved(zone.name, fault);
                });
            }
        });
    }

    private void make(DynamicZone zone, Records records, List<IxfrStep> steps) {
        SoaRecord soa = OfferedFile.soa(records);
        ImageFactory.Made made = images.get().make(zone.name, zone.origin(), records, pool);
        thread.execute(() -> built(zone, soa, made, steps));
    }

    private void built(
            DynamicZone zone, SoaRecord soa, ImageFactory.Made made, List<IxfrStep> steps) {
        zone.isBuilding = false;
        switch (made) {
            case ImageFactory.Made.Good(Delivery.Served served, var changing) -> {
                zone.version = version(soa, served, changing);
                deliver.accept(new Delivery.Changed(served, () -> follow.accept(zone.name, steps)));
                warn(zone);
            }
            case ImageFactory.Made.Bad bad -> {
                zone.unserved.addAll(0, steps);
                LOG.error(
                        "zone {}: its changes are stored but not served: {}",
                        zone.name,
                        bad.first());
                deliver.accept(new Delivery.Warned(zone.name, bad.first()));
            }
        }
    }

    /// Returns what makes changes of a version cheap; null for small zones.
    private @Nullable ChangingVersion version(
            SoaRecord soa, Delivery.Served served, @Nullable Supplier<ChangingZone> changing) {
        if (changing == null) {
            return null;
        }
        Delivery.Served later =
                new Delivery.Served(
                        served.zone(), served.image(), served.problems(), served.zonemd(), null);
        ChangingVersion version = new ChangingVersion(soa, new FutureTask<>(changing::get), later);
        pool.execute(version::prepare);
        return version;
    }

    private void delivered(DynamicZone zone, ChangingVersion version, List<IxfrStep> steps) {
        zone.version = version;
        deliver.accept(
                new Delivery.Changed(version.served(), () -> follow.accept(zone.name, steps)));
        warn(zone);
    }

    /// Shows what the operator should know about a zone, if there is something.
    void warn(DynamicZone zone) {
        Problem warning = zone.warning;
        if (warning != null) {
            deliver.accept(new Delivery.Warned(zone.name, warning));
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
