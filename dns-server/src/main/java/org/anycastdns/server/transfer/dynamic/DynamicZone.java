package org.anycastdns.server.transfer.dynamic;

import org.anycastdns.server.transfer.update.UpdateRule;
import org.anycastdns.server.transfer.update.ZoneContent;
import org.anycastdns.server.transfer.update.ZoneUpdates;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// A zone that clients change. Owned by the thread `update`, but for what is final or volatile.
final class DynamicZone {

    final Name name;
    final ZoneUpdates updates;

    /// Whether versions of the file are offered to this zone, and not served as they come.
    volatile boolean isTaken;

    /// Whether the stored version cannot be served: the file is, and nothing changes it.
    volatile boolean isBroken;

    /// The present version, which is stored; null if there is none yet.
    @Nullable ZoneContent content;

    /// What the zone begins with, as long as it is not stored.
    @Nullable Records first;

    /// Whether the file has not been seen since the stored version was served.
    boolean isRestored;

    /// Whether a version is being built.
    boolean isBuilding;

    /// What the operator should know about the file; null for nothing.
    @Nullable Problem warning;

    // Since the last build, for the log.
    int messages;
    int deletes;
    int adds;

    DynamicZone(Name name, ZoneUpdates updates) {
        this.name = name;
        this.updates = updates;
    }

    /// Returns whether a key may change anything.
    boolean knows(Name key) {
        return updates.policy().rules().stream().map(UpdateRule::key).anyMatch(key::equals);
    }
}
