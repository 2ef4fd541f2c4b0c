package org.anycastdns.server.store;

import org.jspecify.annotations.Nullable;

/// What an entry of the log says about a zone. The codes are part of the format.
enum EntryKind {
    /// All records of a version.
    WHOLE(0),
    /// All records of a version are in a snapshot file.
    SNAPSHOT(1),
    /// The changes that lead to a version from the one before.
    CHANGE(2),
    /// When a primary confirmed the zone.
    TIMERS(3),
    /// The zone is not stored any more.
    REMOVED(4),
    /// Nothing about a zone: which segments are needed. As any entry it tells what is durable.
    CHECKPOINT(5),
    /// The version has a serial that is not newer than another version had; that serial is the
    /// serial of the entry.
    NEWEST_SERIAL(6);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    /// Returns the kind with a code, or null if there is none.
    static @Nullable EntryKind of(int code) {
        for (EntryKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    int code() {
        return code;
    }
}
