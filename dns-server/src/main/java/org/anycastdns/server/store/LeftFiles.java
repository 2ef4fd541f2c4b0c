package org.anycastdns.server.store;

import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that a start finds and cannot use: of another format, or left by a crash.
final class LeftFiles {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    private final FileLayer files;

    LeftFiles(FileLayer files) {
        this.files = files;
    }

    /// Sets all files aside if one of them has another format.
    void setAsideOtherVersions() throws IOException {
        int version = LogSegment.VERSION;
        for (String name : files.sizes().keySet()) {
            if (LogSegment.number(name) >= 0) {
                try (FileLayer.StoreFile file = files.open(name)) {
                    int found = LogSegment.version(file);
                    version = found == LogSegment.VERSION ? version : found;
                }
            }
        }
        if (version == LogSegment.VERSION) {
            return;
        }
        for (String name : files.sizes().keySet()) {
            if (LogSegment.number(name) >= 0 || SnapshotFile.isNameOf(name)) {
                files.rename(name, "%s.version-%d".formatted(name, version));
            }
        }
        files.forceNames();
        LOG.error(
                "{} has format {}, but this program knows format {} only: it starts without stored"
                        + " zones and keeps the old files as *.version-{}; secondary zones are"
                        + " transferred again",
                files,
                version,
                LogSegment.VERSION,
                version);
    }

    /// Sets a damaged snapshot aside, if it is there.
    void setAside(SnapshotFile file) throws IOException {
        if (files.sizes().containsKey(file.name())) {
            files.rename(file.name(), file.name() + ".damaged");
        }
    }

    /// Deletes the snapshots that no zone has, as a crash leaves them.
    ///
    /// @param known the names of the others
    void deleteOthers(Set<String> known) throws IOException {
        for (String name : files.sizes().keySet()) {
            if (SnapshotFile.isNameOf(name) && !known.contains(name)) {
                files.delete(name);
            }
        }
    }
}
