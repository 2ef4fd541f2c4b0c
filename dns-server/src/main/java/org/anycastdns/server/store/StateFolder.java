package org.anycastdns.server.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The zones of a folder on disk, safe for several threads.
///
/// ```
///   lock                    held by the process that uses the folder
///   NUMBER.log              segments of the log, which all zones share
///   NUMBER.zone             snapshot: all records of one version of a large zone
///   *.damaged, *.version-N  set aside; may be deleted
/// ```
///
/// Every call appends to the log; nothing in it is ever overwritten. Memory holds where things are
/// ({@link ZoneIndex}), not the records. The start reads the log once from its beginning. A zone
/// whose changes have grown gets a new base on a thread of its own, beside what else happens. The
/// oldest segment is freed in {@link #sync}.
public final class StateFolder implements ZoneStore {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    /// Damaged zones that get a line in the log at the start; more would hide the rest.
    private static final int LOGGED_ZONES_MAX = 100;

    /// A zone gets a new base when its changes have more octets than this part of the base: a
    /// quarter. Then it is written five times at most for all its changes.
    private static final int CHANGES_SHARE = 4;

    /// Octets of changes that are worth no new base.
    private static final int CHANGES_MIN = 4_096;

    private final LogLimiter<String> failures = new LogLimiter<>("state");
    private final FileLayer files;
    private final StoreLimits limits;
    private final SegmentLog log;
    private final ZoneIndex index = new ZoneIndex();
    private final BaseWriter bases;
    private final VersionReader reader;
    private final BaseRenewal renewal;
    private final LeftFiles left;
    private final Compaction compaction;
    private final UnneededFiles unneeded;
    private final Object syncing = new Object();
    private long damages;
    private boolean closed;

    private StateFolder(
            FileLayer files, StoreLimits limits, LongSupplier tags, Executor background) {
        this.files = files;
        this.limits = limits;
        this.log = new SegmentLog(files, limits.segmentOctets(), tags);
        SnapshotFiles snapshots = new SnapshotFiles(files);
        this.bases = new BaseWriter(files, snapshots, limits.wholeMax());
        this.reader = new VersionReader(log, snapshots);
        this.renewal = new BaseRenewal(new Renewed(), reader, limits.stepOctets(), background);
        this.unneeded = new UnneededFiles(files);
        this.left = new LeftFiles(files);
        this.compaction = new Compaction(log, index, limits, this::drop);
    }

    /// Opens a folder; creates it if there is none. Only this process can use it until {@link
    /// #close}. Damage never prevents the start: what is damaged is left out and logged.
    ///
    /// @throws IOException if the folder cannot be used; the text says what to do
    public static StateFolder open(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        FileLayer files = DiskFiles.open(folder);
        return open(files, StoreLimits.DEFAULT, random::nextLong, BaseRenewal.thread());
    }

    /// Opens files; new bases are written by {@link #sync}.
    static StateFolder open(FileLayer files, StoreLimits limits, LongSupplier tags)
            throws IOException {
        return open(files, limits, tags, Runnable::run);
    }

    /// Opens files.
    ///
    /// @param files closed with the store, also if it cannot be opened
    /// @param tags gives a random number for each segment
    /// @param background writes new bases
    static StateFolder open(
            FileLayer files, StoreLimits limits, LongSupplier tags, Executor background)
            throws IOException {
        StateFolder store = new StateFolder(files, limits, tags, background);
        try {
            store.start();
            return store;
        } catch (IOException e) {
            store.log.close();
            files.close();
            throw FolderFailure.of("read or write", files, e);
        }
    }

    private void start() throws IOException {
        left.setAsideOtherVersions();
        SortedMap<String, Long> sizes = files.sizes();
        damages = new LogReplay(files, log, index).run(sizes);
        log.begin();
        int lost = 0;
        for (ZoneVersions zone : List.copyOf(index.zones())) {
            String objection = index.objection(zone, sizes);
            if (objection != null) {
                drop(zone.name(), objection, lost++ < LOGGED_ZONES_MAX);
            } else {
                trim(zone);
            }
        }
        if (lost > LOGGED_ZONES_MAX) {
            LOG.error("{}: {} more zones are damaged", files, lost - LOGGED_ZONES_MAX);
        }
        Set<String> known = new HashSet<>();
        for (ZoneVersions zone : index.zones()) {
            SnapshotFile file = zone.file();
            if (file != null) {
                known.add(file.name());
                bases.known(file);
            }
        }
        left.deleteOthers(known);
    }

    /// Leaves out a zone that is damaged.
    private void drop(Name zone, String reason) {
        drop(zone, reason, true);
    }

    private void drop(Name zone, String reason, boolean logs) {
        damages++;
        if (logs) {
            LOG.error(
                    "zone {}: its data in {} is damaged and left out: {}; a secondary zone is"
                            + " transferred again, another one needs a backup; check the disk",
                    zone,
                    files,
                    reason);
        }
        ZoneVersions versions = Objects.requireNonNull(index.get(zone));
        try {
            SnapshotFile file = versions.file();
            if (file != null) {
                left.setAside(file);
            }
            write(List.of(Draft.removed(versions)));
        } catch (IOException e) {
            // The next start finds it damaged again.
            index.remove(zone);
            LOG.warn("zone {}: cannot remove its damaged data: {}", zone, e.getMessage());
        }
        renewal.forget(zone);
    }

    /// Returns how often damage was found since the folder was opened: zones that were left out,
    /// places of the log, missing segments. For the metrics.
    public synchronized long damages() {
        return damages;
    }

    @Override
    public synchronized Collection<StoredZone> zones() {
        List<StoredZone> zones = new ArrayList<>();
        for (ZoneVersions zone : index.zones()) {
            zones.add(
                    new StoredZone(
                            zone.name(),
                            zone.soa(),
                            zone.timers(),
                            zone.records(),
                            zone.newestSerial()));
        }
        return zones;
    }

    private ZoneVersions stored(Name zone) throws IOException {
        ZoneVersions versions = index.get(zone);
        if (versions == null) {
            throw new IOException("zone %s is not in the state folder %s".formatted(zone, files));
        }
        return versions;
    }

    @Override
    public synchronized Records records(Name zone) throws IOException {
        ZoneVersions versions = stored(zone);
        try {
            return reader.records(reader.parts(versions));
        } catch (DamagedException | EOFException e) {
            drop(zone, StoredRecords.reason(e));
            throw new IOException(
                    "zone %s: its data in the state folder %s is damaged: %s"
                            .formatted(zone, files, StoredRecords.reason(e)),
                    e);
        }
    }

    @Override
    public void replace(
            Name zone, SoaRecord soa, Records records, ZoneTimers.@Nullable Saved timers)
            throws IOException {
        check(zone, soa);
        // Nobody else waits while a large zone is written.
        BaseWriter.Written written = bases.write(zone, soa, records);
        synchronized (this) {
            long version = nextBase();
            settle(written, version, Draft.timers(index.get(zone), zone, version, timers));
        }
    }

    @Override
    public void replaceNotNewer(Name zone, SoaRecord soa, Records records, int newestSerial)
            throws IOException {
        check(zone, soa);
        BaseWriter.Written written = bases.write(zone, soa, records);
        synchronized (this) {
            long version = nextBase();
            List<Draft> more = new ArrayList<>(Draft.timers(index.get(zone), zone, version, null));
            more.add(Draft.newestSerial(zone, version, newestSerial));
            settle(written, version, more);
        }
    }

    /// Returns a version more than one greater than any before, so that no change leads there.
    private long nextBase() {
        return 2 * log.next();
    }

    /// Begins the history of a zone anew.
    private void settle(BaseWriter.Written base, long version, List<Draft> more)
            throws IOException {
        append(base, version, more);
        var _ = index.settle(stored(base.zone()));
        renewal.forget(base.zone());
    }

    private static void check(Name zone, SoaRecord soa) {
        if (!soa.record().owner().equals(zone)) {
            throw new IllegalArgumentException(
                    "an SOA record of %s for zone %s".formatted(soa.record().owner(), zone));
        }
    }

    /// Appends the entry of a base, which replaces the one before.
    private void append(BaseWriter.Written base, long version, List<Draft> more)
            throws IOException {
        List<Draft> drafts = new ArrayList<>(List.of(base.entry(version)));
        drafts.addAll(more);
        ZoneVersions before = index.get(base.zone());
        SnapshotFile old = before == null ? null : before.file();
        try {
            write(drafts);
        } catch (IOException e) {
            bases.discard(base);
            throw FolderFailure.of("write to", files, e);
        }
        unneeded.add(old, log.next());
    }

    private void write(List<Draft> drafts) throws IOException {
        List<Place> places = log.append(drafts);
        for (int i = 0; i < drafts.size(); i++) {
            index.take(drafts.get(i), places.get(i));
        }
    }

    private void tryWrite(List<Draft> drafts) throws IOException {
        try {
            write(drafts);
        } catch (IOException e) {
            throw FolderFailure.of("write to", files, e);
        }
    }

    @Override
    public synchronized void change(
            Name zone, List<IxfrStep> steps, ZoneTimers.@Nullable Saved timers) throws IOException {
        ZoneVersions versions = stored(zone);
        List<Draft> drafts = new ArrayList<>();
        long version = versions.newest();
        SoaRecord soa = versions.soa();
        for (IxfrStep step : steps) {
            check(zone, step.to());
            if (step.from().serial() != soa.serial()) {
                throw new IllegalArgumentException(
                        "zone %s: a change does not begin at the present version".formatted(zone));
            }
            soa = step.to();
            byte[] payload = RecordWriter.change(step);
            drafts.add(
                    new Draft(
                            EntryKind.CHANGE,
                            zone,
                            ++version,
                            step.from().serial(),
                            soa.serial(),
                            payload));
        }
        if (drafts.stream().mapToLong(Draft::octets).sum() > limits.segmentOctets()) {
            // As large as a segment: a new base takes no more room, and its history is too long.
            replace(zone, soa, VersionReader.applied(records(zone), steps), timers);
            return;
        }
        drafts.addAll(Draft.timers(versions, zone, version, timers));
        if (!drafts.isEmpty()) {
            tryWrite(drafts);
            trim(versions);
        }
    }

    /// Removes history beyond the limits, and notes a zone that needs a new base.
    private void trim(ZoneVersions versions) {
        long octetsMax = Math.max(limits.historyMin(), versions.base().octets());
        index.update(versions.name(), zone -> zone.trim(limits.versionsMax(), octetsMax));
        long changesMax = Math.max(CHANGES_MIN, versions.base().octets() / CHANGES_SHARE);
        if (versions.neededOctets() > changesMax) {
            renewal.add(versions.name());
        }
    }

    @Override
    public synchronized void confirm(Name zone, ZoneTimers.Saved timers) throws IOException {
        change(zone, List.of(), timers);
    }

    @Override
    public synchronized void remove(Name zone) throws IOException {
        ZoneVersions versions = index.get(zone);
        if (versions != null) {
            tryWrite(List.of(Draft.removed(versions)));
            unneeded.add(versions.file(), log.next());
            renewal.forget(zone);
        }
    }

    @Override
    public synchronized @Nullable List<IxfrStep> history(Name zone, int serial) throws IOException {
        ZoneVersions versions = index.get(zone);
        return versions == null ? null : history(zone, versions.since(serial));
    }

    @Override
    public synchronized List<IxfrStep> history(Name zone) throws IOException {
        ZoneVersions versions = index.get(zone);
        List<IxfrStep> steps = versions == null ? null : history(zone, versions.all());
        return steps == null ? List.of() : steps;
    }

    private @Nullable List<IxfrStep> history(Name zone, @Nullable List<ZoneVersions.Change> changes)
            throws IOException {
        if (changes == null) {
            return null;
        }
        try {
            return reader.steps(changes);
        } catch (DamagedException | EOFException e) {
            LOG.error("zone {}: its history in {} is damaged", zone, files);
            index.update(zone, each -> each.forget(each.base().version()));
            return null;
        }
    }

    @Override
    public void sync() throws IOException {
        // One after the other; others write meanwhile.
        synchronized (syncing) {
            try {
                force();
            } catch (IOException e) {
                throw FolderFailure.of("write to", files, e);
            }
        }
        synchronized (this) {
            try {
                maintain();
            } catch (IOException e) {
                notFreed(e);
            }
        }
        renewal.begin();
    }

    private void force() throws IOException {
        SegmentLog.Force force;
        synchronized (this) {
            force = log.beginForce();
        }
        if (force != null) {
            force.file().force();
            synchronized (this) {
                log.end(force);
            }
        }
    }

    private void notFreed(IOException e) {
        failures.log(
                "maintenance",
                more -> LOG.warn("{}: cannot free space: {}{}", files, e.getMessage(), more));
    }

    /// Frees what is not needed any more. All that was written before is durable.
    private void maintain() throws IOException {
        unneeded.delete(log.durable(), renewal::reads);
        compaction.step();
    }

    /// What the thread for new bases does with this folder.
    private final class Renewed implements BaseRenewal.Folder {

        @Override
        public Object lock() {
            return StateFolder.this;
        }

        @Override
        public @Nullable ZoneVersions zone(Name name) {
            return closed ? null : index.get(name);
        }

        @Override
        public BaseWriter.Written write(Name zone, SoaRecord soa, Records records)
                throws IOException {
            return bases.write(zone, soa, records);
        }

        @Override
        public void take(BaseWriter.Written base, long version) throws IOException {
            append(base, version, List.of());
            trim(stored(base.zone()));
        }

        @Override
        public void discard(BaseWriter.Written base) {
            bases.discard(base);
        }

        @Override
        public void damaged(Name zone, IOException reason) {
            drop(zone, StoredRecords.reason(reason));
        }

        @Override
        public void failed(IOException reason) {
            notFreed(reason);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (syncing) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
                renewal.end();
                end();
            }
        }
    }

    private void end() throws IOException {
        try (files;
                log) {
            if (!log.isEmpty()) {
                // Tells the next start that all before is durable.
                var _ = log.append(List.of(Draft.checkpoint(log.first())));
                log.force();
            }
        }
    }
}
