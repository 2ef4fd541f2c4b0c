package org.anycastdns.server.store;

import java.io.EOFException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Gives zones new bases whose changes have grown, beside what else happens. The cost is that of
/// whole zones, so nobody waits for it: the lock of the folder is held only to read the changes
/// from the log and to append the entry of the new base.
///
/// Changes may come meanwhile, with greater versions. They lead on from the new base, although they
/// stand before it in the log.
final class BaseRenewal {

    private static final long IDLE_SECONDS = 10;

    private final Folder folder;
    private final Object lock;
    private final VersionReader reader;
    private final int octetsMax;
    private final Executor background;

    // With the lock.
    private final Set<Name> waiting = new LinkedHashSet<>();
    private @Nullable SnapshotFile read;
    private boolean isRunning;
    private boolean hasEnded;

    /// The folder. Except for {@link #write}, it is called with the lock.
    interface Folder {

        /// Returns the lock for everything that the log and the index of zones have.
        Object lock();

        /// Returns a zone; null if it is not stored.
        @Nullable ZoneVersions zone(Name name);

        /// Writes records, without the lock.
        BaseWriter.Written write(Name zone, SoaRecord soa, Records records) throws IOException;

        /// Makes records the base of a zone.
        void take(BaseWriter.Written base, long version) throws IOException;

        /// Deletes records that are not wanted any more.
        void discard(BaseWriter.Written base);

        /// Leaves out a zone that cannot be read.
        void damaged(Name zone, IOException reason);

        /// Notes that a base could not be written. The next change of the zone tries again.
        void failed(IOException reason);
    }

    /// A zone that gets a new base.
    private record Task(
            ZoneVersions zone,
            ZoneVersions.Base base,
            VersionReader.Parts parts,
            long version,
            SoaRecord soa) {}

    /// @param octetsMax octets of bases that are replaced after one {@link #begin}, about
    /// @param background runs one task at a time
    BaseRenewal(Folder folder, VersionReader reader, int octetsMax, Executor background) {
        this.folder = folder;
        this.lock = folder.lock();
        this.reader = reader;
        this.octetsMax = octetsMax;
        this.background = background;
    }

    /// Returns one thread, which goes when it has had nothing to do for a while.
    static Executor thread() {
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("state").daemon().factory());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /// Notes a zone that needs a new base. The caller has the lock.
    void add(Name zone) {
        waiting.add(zone);
    }

    /// Notes that a zone needs none. The caller has the lock.
    void forget(Name zone) {
        waiting.remove(zone);
    }

    /// Returns whether a snapshot is being read, so that it must stay. The caller has the lock.
    boolean reads(SnapshotFile file) {
        return file.equals(read);
    }

    /// Begins to write new bases, unless nothing waits or some are being written.
    void begin() {
        synchronized (lock) {
            if (isRunning || hasEnded || waiting.isEmpty()) {
                return;
            }
            isRunning = true;
        }
        background.execute(this::run);
    }

    /// Waits until no base is being written; none will be. Another process may use the files
    /// afterwards. The caller has the lock.
    void end() {
        hasEnded = true;
        boolean interrupted = false;
        while (isRunning) {
            try {
                lock.wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long octets = 0;
        try {
            Task task = next();
            while (task != null) {
                octets += task.base().octets();
                renew(task);
                task = octets < octetsMax ? next() : null;
            }
        } catch (IOException e) {
            synchronized (lock) {
                folder.failed(e);
            }
        } finally {
            synchronized (lock) {
                read = null;
                isRunning = false;
                lock.notifyAll();
            }
        }
    }

    private @Nullable Task next() throws IOException {
        synchronized (lock) {
            read = null;
            if (hasEnded || waiting.isEmpty()) {
                return null;
            }
            Name name = waiting.iterator().next();
            // If this fails, the next change of the zone tries again.
            waiting.remove(name);
            ZoneVersions zone = folder.zone(name);
            if (zone == null) {
                return null;
            }
            try {
                VersionReader.Parts parts = reader.parts(zone);
                read = parts.file();
                return new Task(zone, zone.base(), parts, zone.newest(), zone.soa());
            } catch (DamagedException | EOFException e) {
                folder.damaged(name, e);
                throw e;
            }
        }
    }

    private void renew(Task task) throws IOException {
        Name name = task.zone().name();
        Records records;
        try {
            records = reader.records(task.parts());
        } catch (DamagedException | EOFException e) {
            synchronized (lock) {
                if (isPresent(task)) {
                    folder.damaged(name, e);
                }
            }
            throw e;
        }
        BaseWriter.Written base = folder.write(name, task.soa(), records);
        synchronized (lock) {
            if (isPresent(task)) {
                folder.take(base, task.version());
            } else {
                folder.discard(base);
            }
        }
    }

    /// Returns whether a zone still has the base that it had.
    private boolean isPresent(Task task) {
        return folder.zone(task.zone().name()) == task.zone()
                && task.zone().base().equals(task.base());
    }
}
