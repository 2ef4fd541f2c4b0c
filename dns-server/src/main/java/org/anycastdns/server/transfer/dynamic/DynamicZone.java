package org.anycastdns.server.transfer.dynamic;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.transfer.IxfrStep;
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

    /// Whether the operator edits the file, so that no update is taken. Written by the thread
    /// `update`.
    volatile boolean isFrozen;

    /// The present version, which is stored; null if there is none yet.
    @Nullable ZoneContent content;

    /// What the zone begins with, as long as it is not stored.
    @Nullable Records first;

    /// The newest version of the file that came while the zone is frozen; null for none.
    @Nullable OfferedFile edited;

    /// Why the newest version of the file cannot be taken while the zone is frozen; null for no
    /// reason.
    @Nullable Problem refusal;

    /// Whether the file has not been seen since the stored version was served.
    boolean isRestored;

    /// What was served last, if the zone is large enough to change in place; null if it is not.
    @Nullable ChangingVersion version;

    /// The changes since the version that was served last, or is being built.
    final List<IxfrStep> unserved = new ArrayList<>();

    /// Whether the present version must be delivered even if nothing has changed.
    boolean isDue;

    /// Whether a version is being built.
    boolean isBuilding;

    /// What the operator should know about the zone; null for nothing.
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

    /// Returns what problems with the content show in place of a file.
    String origin() {
        return "zone " + name;
    }
}
