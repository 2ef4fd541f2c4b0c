package org.anycastdns.server.store;

import org.jspecify.annotations.Nullable;

/// What an entry of the log says about a zone. The order of the constants is part of the format.
enum EntryKind {
    /// All records of a version.
    WHOLE,
    /// All records of a version are in a snapshot file.
    SNAPSHOT,
    /// The changes that lead to a version from the one before.
    CHANGE,
    /// When a primary confirmed the zone.
    TIMERS,
    /// The zone is not stored any more.
    REMOVED,
    /// Nothing about a zone: which segments are needed. As any entry it tells what is durable.
    CHECKPOINT;

    private static final EntryKind[] ALL = values();

    /// Returns the kind with a code, or null if there is none.
    static @Nullable EntryKind of(int code) {
        return code < ALL.length ? ALL[code] : null;
    }

    int code() {
        return ordinal();
    }
}
