package org.anycastdns.server.store;

import java.io.IOException;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes all records of a version: a large zone gets a snapshot, a small one an entry of the log.
/// Several threads may write at the same time.
final class BaseWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    private final FileLayer files;
    private final SnapshotFiles snapshots;
    private final int wholeMax;
    private long next = 1;

    /// @param wholeMax a zone that takes more octets of memory gets a snapshot
    BaseWriter(FileLayer files, SnapshotFiles snapshots, int wholeMax) {
        this.files = files;
        this.snapshots = snapshots;
        this.wholeMax = wholeMax;
    }

    /// Records that are written, but not in the log yet.
    ///
    /// @param file the snapshot; null if they are in the payload
    record Written(Name zone, SoaRecord soa, @Nullable SnapshotFile file, byte[] payload) {

        /// Returns the entry that makes them the base of a zone.
        Draft entry(long version) {
            EntryKind kind = file == null ? EntryKind.WHOLE : EntryKind.SNAPSHOT;
            return new Draft(kind, zone, version, 0, soa.serial(), payload);
        }
    }

    /// Notes a snapshot that was there at the start: its number is never used again.
    synchronized void known(SnapshotFile file) {
        next = Math.max(next, file.number() + 1);
    }

    private synchronized long number() {
        return next++;
    }

    /// Writes records; a snapshot is durable when this returns.
    Written write(Name zone, SoaRecord soa, Records records) throws IOException {
        if (records.memory() <= wholeMax) {
            return new Written(zone, soa, null, RecordWriter.whole(zone, soa, records));
        }
        SnapshotFile file;
        try {
            file = snapshots.write(number(), zone, soa, records);
        } catch (IOException e) {
            throw FolderFailure.of("write to", files, e);
        }
        return new Written(zone, soa, file, RecordWriter.snapshot(file, soa));
    }

    /// Deletes what no entry refers to.
    void discard(Written written) {
        SnapshotFile file = written.file();
        if (file != null) {
            try {
                files.delete(file.name());
            } catch (IOException e) {
                LOG.debug("{} is deleted at the next start", file.name(), e);
            }
        }
    }
}
