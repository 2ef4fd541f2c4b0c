package org.anycastdns.server.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.anycastdns.daemon.LogLimiter;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneChanges;
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
/// whose changes have grown gets a new base, and the oldest segment is freed, in {@link #sync}.
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
    private final SnapshotFiles snapshots;
    private final LeftFiles left;
    private final Compaction compaction;
    private final Queue<Unneeded> unneeded = new ArrayDeque<>();
    private final Set<Name> overgrown = new LinkedHashSet<>();
    private long damages;
    private boolean closed;

    /// A snapshot that is not needed any more as soon as the entries before a number are durable.
    private record Unneeded(SnapshotFile file, long durable) {}

    private StateFolder(FileLayer files, StoreLimits limits, LongSupplier tags) {
        this.files = files;
        this.limits = limits;
        this.log = new SegmentLog(files, limits.segmentOctets(), tags);
        this.snapshots = new SnapshotFiles(files);
        this.left = new LeftFiles(files);
        this.compaction = new Compaction(log, index, limits, this::drop);
    }

    /// Opens a folder; creates it if there is none. Only this process can use it until {@link
    /// #close}. Damage never prevents the start: what is damaged is left out and logged.
    ///
    /// @throws IOException if the folder cannot be used; the text says what to do
    public static StateFolder open(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        return open(DiskFiles.open(folder), StoreLimits.DEFAULT, random::nextLong);
    }

    /// Opens files.
    ///
    /// @param files closed with the store, also if it cannot be opened
    /// @param tags gives a random number for each segment
    static StateFolder open(FileLayer files, StoreLimits limits, LongSupplier tags)
            throws IOException {
        StateFolder store = new StateFolder(files, limits, tags);
        try {
            store.start();
            return store;
        } catch (IOException e) {
            store.log.close();
            files.close();
            throw store.failed("read or write", e);
        }
    }

    private void start() throws IOException {
        left.setAsideOtherVersions();
        SortedMap<String, Long> sizes = files.sizes();
        damages = new LogReplay(files, log, index).run(sizes);
        log.begin();
        int lost = 0;
        for (ZoneVersions zone : List.copyOf(index.zones())) {
            String objection = objection(zone, sizes);
            if (objection != null) {
                drop(zone.name(), objection, lost++ < LOGGED_ZONES_MAX);
            } else {
                trim(zone);
            }
        }
        if (lost > LOGGED_ZONES_MAX) {
            LOG.error("{}: {} more zones are damaged", files, lost - LOGGED_ZONES_MAX);
        }
        left.deleteOthers(
                index.zones().stream()
                        .map(ZoneVersions::file)
                        .filter(Objects::nonNull)
                        .map(SnapshotFile::name)
                        .collect(Collectors.toSet()));
    }

    private @Nullable String objection(ZoneVersions zone, SortedMap<String, Long> sizes) {
        String objection = index.settle(zone);
        if (objection != null) {
            return objection;
        }
        SnapshotFile file = zone.base().file();
        return file == null || Objects.equals(sizes.get(file.name()), file.octets())
                ? null
                : "its snapshot %s is missing or has another size".formatted(file.name());
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
        overgrown.remove(zone);
    }

    private IOException failed(String what, IOException e) {
        return new IOException(
                "cannot %s the state folder %s: %s; it needs free space, and this program must be"
                                .formatted(what, files, e.getMessage())
                        + " allowed to write there",
                e);
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
            zones.add(new StoredZone(zone.name(), zone.soa(), zone.timers(), zone.records(), zone.newestSerial()));
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
            return read(versions);
        } catch (DamagedException | EOFException e) {
            drop(zone, StoredRecords.reason(e));
            throw new IOException(
                    "zone %s: its data in the state folder %s is damaged: %s"
                            .formatted(zone, files, StoredRecords.reason(e)),
                    e);
        }
    }

    private Records read(ZoneVersions versions) throws IOException {
        ZoneVersions.Base base = versions.base();
        Records records =
                base.file() == null
                        ? new StoredRecords(log.payload(base.place())).whole()
                        : snapshots.read(base.file());
        List<IxfrStep> steps = steps(versions.needed());
        return steps.isEmpty() ? records : applied(records, steps);
    }

    private static Records applied(Records records, List<IxfrStep> steps) throws DamagedException {
        SoaRecord soa = new SoaRecord(records.record(records.number(0)));
        return switch (ZoneChanges.apply(records, soa, steps)) {
            case ZoneChanges.Outcome.Applied(Records after, SoaRecord _) -> after;
            case ZoneChanges.Outcome.Diverged(String reason) -> throw new DamagedException(reason);
        };
    }

    private List<IxfrStep> steps(List<ZoneVersions.Change> changes) throws IOException {
        List<IxfrStep> steps = new ArrayList<>();
        for (ZoneVersions.Change change : changes) {
            steps.add(new StoredRecords(log.payload(change.place())).change());
        }
        return steps;
    }

    @Override
    public synchronized void replace(
            Name zone, SoaRecord soa, Records records, ZoneTimers.@Nullable Saved timers)
            throws IOException {
        long version = nextBase();
        replace(zone, version, soa, records, Draft.timers(index.get(zone), zone, version, timers));
    }

    @Override
    public synchronized void replaceNotNewer(
            Name zone, SoaRecord soa, Records records, int newestSerial) throws IOException {
        long version = nextBase();
        List<Draft> more = new ArrayList<>(Draft.timers(index.get(zone), zone, version, null));
        more.add(Draft.newestSerial(zone, version, newestSerial));
        replace(zone, version, soa, records, more);
    }

    /// Returns a version more than one greater than any before, so that no change leads there.
    private long nextBase() {
        return 2 * log.next();
    }

    private void replace(
            Name zone, long version, SoaRecord soa, Records records, List<Draft> more)
            throws IOException {
        check(zone, soa);
        writeBase(zone, version, soa, records, more);
        var _ = index.settle(stored(zone));
        overgrown.remove(zone);
    }

    private static void check(Name zone, SoaRecord soa) {
        if (!soa.record().owner().equals(zone)) {
            throw new IllegalArgumentException(
                    "an SOA record of %s for zone %s".formatted(soa.record().owner(), zone));
        }
    }

    private void writeBase(
            Name zone, long version, SoaRecord soa, Records records, List<Draft> more)
            throws IOException {
        SnapshotFile file = null;
        List<Draft> drafts = new ArrayList<>();
        try {
            boolean large = records.memory() > limits.wholeMax();
            file = large ? snapshots.write(log.next(), zone, soa, records) : null;
            byte[] payload =
                    file == null
                            ? RecordWriter.whole(zone, soa, records)
                            : RecordWriter.snapshot(file, soa);
            drafts.add(
                    new Draft(
                            file == null ? EntryKind.WHOLE : EntryKind.SNAPSHOT,
                            zone,
                            version,
                            0,
                            soa.serial(),
                            payload));
            drafts.addAll(more);
            ZoneVersions before = index.get(zone);
            SnapshotFile old = before == null ? null : before.file();
            write(drafts);
            discard(old);
        } catch (IOException e) {
            if (file != null) {
                deleteQuietly(file);
            }
            throw failed("write to", e);
        }
    }

    private void deleteQuietly(SnapshotFile file) {
        try {
            files.delete(file.name());
        } catch (IOException e) {
            LOG.debug("{} is deleted at the next start", file.name(), e);
        }
    }

    private void discard(@Nullable SnapshotFile file) {
        if (file != null) {
            unneeded.add(new Unneeded(file, log.next()));
        }
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
            throw failed("write to", e);
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
            replace(zone, soa, applied(records(zone), steps), timers);
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
            overgrown.add(versions.name());
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
            discard(versions.file());
            overgrown.remove(zone);
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

    private @Nullable List<IxfrStep> history(
            Name zone, @Nullable List<ZoneVersions.Change> changes) throws IOException {
        if (changes == null) {
            return null;
        }
        try {
            return steps(changes);
        } catch (DamagedException | EOFException e) {
            LOG.error("zone {}: its history in {} is damaged", zone, files);
            index.update(zone, each -> each.forget(each.base().version()));
            return null;
        }
    }

    @Override
    public synchronized void sync() throws IOException {
        try {
            log.force();
        } catch (IOException e) {
            throw failed("write to", e);
        }
        try {
            maintain();
        } catch (IOException e) {
            failures.log(
                    "maintenance",
                    more -> LOG.warn("{}: cannot free space: {}{}", files, e.getMessage(), more));
        }
    }

    /// Frees what is not needed any more. All that was written before is durable.
    private void maintain() throws IOException {
        for (Unneeded next = unneeded.peek();
                next != null && log.durable() >= next.durable();
                next = unneeded.peek()) {
            files.delete(next.file().name());
            unneeded.remove();
        }
        long octets = 0;
        while (!overgrown.isEmpty() && octets < limits.stepOctets()) {
            Name zone = overgrown.iterator().next();
            // If this fails, the next change of the zone tries again.
            overgrown.remove(zone);
            ZoneVersions versions = stored(zone);
            octets += versions.base().octets();
            writeBase(zone, versions.newest(), versions.soa(), records(zone), List.of());
            trim(versions);
        }
        compaction.step();
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
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
