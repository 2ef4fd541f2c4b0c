package org.anycastdns.server.zone.change;

import java.util.ArrayList;
import java.util.List;

/// A zone that is being built anew while changes go on. One thread owns it; another one may build.
///
/// ```
///   version 7 = base + overlay ----- 8 ----- 9 = base + overlay   served meanwhile
///        '-- ChangingZones.merge --> 7 = new base
///                                    '- finish: 7 to 9 at once --> 9 = new base + small overlay
/// ```
public final class PendingMerge {

    private final ChangingZone from;
    private final List<ZoneChange> since = new ArrayList<>();

    /// Begins a merge of a version.
    public PendingMerge(ChangingZone from) {
        this.from = from;
    }

    /// Returns the version to build anew.
    public ChangingZone from() {
        return from;
    }

    /// Notes a change that was applied to the newest version in the meantime. A change that built
    /// the zone anew ends the need for this merge instead.
    public void changed(ZoneChange change) {
        since.add(change);
    }

    /// Returns whether changes were noted.
    public boolean hasChanges() {
        return !since.isEmpty();
    }

    /// Returns the newest version on the new base.
    ///
    /// @param merged {@link #from} without its overlay
    public ChangingZones.Applied finish(ChangingZones zones, ChangingZone merged) {
        return zones.apply(merged, ZoneChange.sum(since));
    }
}
