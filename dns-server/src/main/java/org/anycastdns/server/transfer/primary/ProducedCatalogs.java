package org.anycastdns.server.transfer.primary;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.transfer.catalog.CatalogProducer;
import org.anycastdns.server.transfer.catalog.MemberProperties;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves catalogs of the zones that secondaries may have (RFC 9432 section 4): a zone is a member
/// while it has data. A catalog is delivered like any zone that comes from no file, so secondaries
/// get it and are told of its changes as of any other zone.
///
/// Zones that come or go together make one version: the thread `catalog` waits a little for more.
/// The serial is the time, so that it is newer than any before a restart; therefore versions are at
/// least a second apart.
public final class ProducedCatalogs implements AutoCloseable {

    /// Time for more zones to come or go before a version is made.
    private static final long BATCH_MILLIS = 100;

    /// The least time from a version to the next one.
    private static final long APART_MILLIS = 1_000;

    private static final String THREAD = "catalog";

    private static final Logger LOG = LoggerFactory.getLogger(ProducedCatalogs.class);

    private final Map<Name, CatalogProducer> catalogs = new TreeMap<>();
    private final Map<Name, MemberProperties> properties;
    private final Supplier<Set<Name>> present;
    private final Supplier<ImageFactory> images;
    private final Consumer<Delivery> deliver;
    private final Semaphore changes = new Semaphore(0);
    private final Semaphore closed = new Semaphore(0);
    private final Thread thread = LongLived.restarted(THREAD, this::loop);

    /// Creates the catalogs; nothing is served yet.
    ///
    /// @param names the catalogs
    /// @param properties of the zones that may be members
    /// @param present returns the zones that have data; any thread may call it
    /// @param images makes what is served
    /// @param deliver takes it; any thread may call it
    /// @param epochSeconds returns the seconds since 1970
    public ProducedCatalogs(
            List<Name> names,
            Map<Name, MemberProperties> properties,
            Supplier<Set<Name>> present,
            Supplier<ImageFactory> images,
            Consumer<Delivery> deliver,
            LongSupplier epochSeconds) {
        this.properties = Map.copyOf(properties);
        this.present = present;
        this.images = images;
        this.deliver = deliver;
        // One less: the first version has the next serial.
        int serial = (int) epochSeconds.getAsLong() - 1;
        names.forEach(name -> catalogs.put(name, new CatalogProducer(name, serial)));
    }

    /// Begins to serve. Call it when the zones have been loaded: a catalog that lists them one by
    /// one would add and remove them at secondaries.
    public void start() {
        if (!catalogs.isEmpty()) {
            catalogs.values().forEach(this::publish);
            thread.start();
        }
    }

    /// Notes that zones may have come or gone. Any thread may call it.
    public void changed() {
        changes.release();
    }

    private void loop() {
        try {
            while (true) {
                changes.acquire();
                if (closed.tryAcquire(BATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                changes.drainPermits();
                boolean any = false;
                for (CatalogProducer catalog : catalogs.values()) {
                    any |= update(catalog);
                }
                if (any && closed.tryAcquire(APART_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Publishes the next version of a catalog if there is one.
    private boolean update(CatalogProducer catalog) {
        if (catalog.publish(members()) == null) {
            return false;
        }
        deliver(catalog);
        return true;
    }

    private void publish(CatalogProducer catalog) {
        var _ = catalog.publish(members());
        deliver(catalog);
    }

    private Map<Name, MemberProperties> members() {
        Map<Name, MemberProperties> members = new TreeMap<>(properties);
        members.keySet().retainAll(present.get());
        return members;
    }

    private void deliver(CatalogProducer catalog) {
        Records records = catalog.records();
        Name name = catalog.soa().record().owner();
        switch (images.get().make(name, "catalog " + name, records, ParallelRunner.ALONE)) {
            case ImageFactory.Made.Good(Delivery.Served served, _) -> {
                LOG.info(
                        "catalog {} published: serial={} members={}",
                        name,
                        Integer.toUnsignedString(catalog.soa().serial()),
                        catalog.memberCount());
                deliver.accept(served);
            }
            case ImageFactory.Made.Bad bad -> bad(name, bad.first());
        }
    }

    private static void bad(Name name, Problem problem) {
        LOG.error(
                "catalog {} is not published ({}): secondaries keep the version before",
                name,
                problem);
    }

    @Override
    public void close() {
        closed.release(2);
        changes.release();
    }
}
