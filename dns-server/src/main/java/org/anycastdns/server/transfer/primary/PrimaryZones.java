package org.anycastdns.server.transfer.primary;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.out.ProvidedZone;
import org.anycastdns.server.transfer.out.ProvidedZone.Novelty;
import org.anycastdns.server.transfer.primary.Notification.Status;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The zones that secondaries may have: their versions with the changes in between, and who is told
/// of new ones. One thread, `primary`, owns all of it; any thread may read the versions.
public final class PrimaryZones implements RecordsReceiver, AutoCloseable {

    private static final String THREAD = "primary";

    /// How long {@link #close} waits for the thread, which may be comparing two large versions.
    private static final long STOP_SECONDS = 5;

    /// The longest time between a version and the moment when it is durable. A version that is lost
    /// in a crash costs secondaries one transfer of the whole zone.
    private static final long SYNC_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryZones.class);

    private final Map<Name, Entry> zones = new TreeMap<>();
    private final PrimaryCounters counters = new PrimaryCounters();
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Notifier notifier;
    private volatile Runnable presence = () -> {};
    private volatile boolean closing;
    private boolean started;
    private boolean syncs;
    private volatile @Nullable KeptVersions kept;

    /// A zone and its secondaries.
    private static final class Entry {

        private final PrimaryZone settings;
        private final List<Notification> notifications;
        private volatile @Nullable ProvidedZone version;

        Entry(PrimaryZone settings) {
            this.settings = settings;
            this.notifications =
                    settings.targets().stream()
                            .map(target -> new Notification(settings.name(), target))
                            .toList();
        }
    }

    /// Creates the zones without data. Nobody is told of versions before {@link #start}.
    public PrimaryZones(Collection<PrimaryZone> settings) {
        settings.forEach(each -> zones.put(each.name(), new Entry(each)));
        this.group =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory(THREAD, true), NioIoHandler.newFactory());
        this.loop = group.next();
        LongLived.watch(group, () -> closing);
        this.notifier = new Notifier(loop, counters, new SecureRandom()::nextInt);
    }

    /// Keeps versions across restarts from now on. Call it before the first version is loaded.
    ///
    /// @param own keeps the zones of files; belongs to this object from now on
    /// @param others has the zones that come from primaries or are changed by UPDATE; it stays open
    ///   until {@link #close} has returned
    /// @param isOthers tells which those are
    public void keep(ZoneStore own, ZoneStore others, Predicate<Name> isOthers) {
        KeptVersions versions = new KeptVersions(own, others, isOthers);
        kept = versions;
        execute(() -> versions.begin(zones::containsKey));
    }

    /// Tells secondaries of the versions that there are, and from now on of new ones. Call it when
    /// they can be transferred.
    public void start() {
        execute(() -> {
            started = true;
            zones.values().forEach(this::tell);
        });
    }

    /// Tells from now on when zones may have got data or lost them.
    public void onPresence(Runnable listener) {
        presence = listener;
    }

    /// Returns the zones that have data. Any thread may ask.
    public Set<Name> present() {
        return zones.entrySet().stream()
                .filter(each -> each.getValue().version != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Runs a task after all that was handed over before, for tests.
    void whenIdle(Runnable task) {
        execute(task);
    }

    private void execute(Runnable task) {
        loop.execute(() -> LongLived.contain(THREAD, task));
    }

    @Override
    public boolean wants(Name zone) {
        return zones.containsKey(zone);
    }

    @Override
    public void loaded(Name zone, Records records) {
        Entry entry = zones.get(zone);
        if (entry != null) {
            execute(() -> {
                take(entry, records);
                presence.run();
            });
        }
    }

    @Override
    public void removed(Name zone) {
        Entry entry = zones.get(zone);
        if (entry != null) {
            execute(() -> {
                entry.version = null;
                entry.notifications.forEach(notifier::remove);
                presence.run();
            });
        }
    }

    private void take(Entry entry, Records records) {
        Name name = entry.settings.name();
        int[] soas = records.all(RecordType.SOA);
        if (soas.length == 0) {
            throw new IllegalStateException("zone %s is served without SOA record".formatted(name));
        }
        SoaRecord soa = new SoaRecord(records.record(soas[0]));
        ProvidedZone before = entry.version;
        ProvidedZone.Update update =
                before == null ? first(name, soa, records) : before.next(soa, records);
        entry.version = update.zone();
        if (before == null || update.novelty() == Novelty.NEWER) {
            tell(entry);
        }
        if (update.novelty() == Novelty.NOT_NEWER) {
            LOG.warn(
                    "zone {} changed, but its serial {} is not greater than that of the version before:"
                            + " secondaries keep their version and get no NOTIFY; raise the serial with"
                            + " every change",
                    name,
                    Integer.toUnsignedString(soa.serial()));
        }
        if (before == null || update.novelty() != Novelty.SAME) {
            store(update.zone());
        }
    }

    private ProvidedZone.Update first(Name name, SoaRecord soa, Records records) {
        KeptVersions versions = kept;
        return versions == null
                ? new ProvidedZone.Update(ProvidedZone.first(name, soa, records), Novelty.NEWER)
                : versions.first(name, soa, records);
    }

    private void store(ProvidedZone zone) {
        KeptVersions versions = kept;
        if (versions == null) {
            return;
        }
        versions.store(zone);
        if (versions.isUnsynced() && !syncs) {
            syncs = true;
            var _ =
                    loop.schedule(
                            LongLived.task(() -> {
                                syncs = false;
                                versions.sync();
                            }),
                            SYNC_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /// Takes changes that are in service now. Any thread may call it.
    ///
    /// @param steps without a gap; those that lead to a version that is known already do not count
    public void changed(Name zone, List<IxfrStep> steps) {
        Entry entry = zones.get(zone);
        if (entry != null && !steps.isEmpty()) {
            execute(() -> follow(entry, steps));
        }
    }

    private void follow(Entry entry, List<IxfrStep> steps) {
        ProvidedZone before = entry.version;
        if (before == null || before.soa().serial() != steps.getFirst().from().serial()) {
            // The records of a version as a whole came first, and have these changes.
            return;
        }
        entry.version = before.next(steps);
        tell(entry);
    }

    private void tell(Entry entry) {
        ProvidedZone version = entry.version;
        if (!started || version == null) {
            return;
        }
        for (Notification each : entry.notifications) {
            each.changed(version.soa(), Notifier.nowMillis());
            notifier.schedule(each);
        }
    }

    /// Returns how a zone is configured; null if it is not for secondaries.
    @Nullable PrimaryZone settings(Name zone) {
        Entry entry = zones.get(zone);
        return entry == null ? null : entry.settings;
    }

    /// Returns the present version of a zone; null if it has no data.
    @Nullable ProvidedZone version(Name zone) {
        Entry entry = zones.get(zone);
        return entry == null ? null : entry.version;
    }

    /// Returns the changes that lead to the present version of a zone, the oldest first; none if it
    /// is not for secondaries. Any thread may ask.
    public List<IxfrStep> changes(Name zone) {
        ProvidedZone version = version(zone);
        return version == null ? List.of() : version.history();
    }

    /// Returns what happened so far.
    public PrimaryCounters counters() {
        return counters;
    }

    /// Returns how often changes could not be stored.
    public long storeErrors() {
        KeptVersions versions = kept;
        return versions == null ? 0 : versions.errors();
    }

    /// Returns the zones and what their secondaries know, for the status. Each is made when it is
    /// written.
    public Iterable<Object> status() {
        return () -> zones.values().stream().<Object>map(PrimaryZones::status).iterator();
    }

    private static Map<String, Object> status(Entry entry) {
        ProvidedZone version = entry.version;
        Map<String, Object> zone = Json.object("name", entry.settings.name().toString());
        if (version != null) {
            zone.put("serial", Integer.toUnsignedLong(version.soa().serial()));
            zone.put("changes-kept", version.history().size());
        }
        zone.put("notify", entry.notifications.stream().<Object>map(PrimaryZones::status).toList());
        return zone;
    }

    private static Map<String, Object> status(Notification notification) {
        Status status = notification.status();
        return Json.object(
                "remote", notification.target().name(),
                "state", status.state().name().toLowerCase(java.util.Locale.ROOT),
                "serial", Integer.toUnsignedLong(status.serial()),
                "attempts", status.attempts(),
                "reply", status.reply());
    }

    @Override
    public void close() {
        closing = true;
        execute(() -> {
            notifier.close();
            KeptVersions versions = kept;
            if (versions != null) {
                versions.close();
            }
        });
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
