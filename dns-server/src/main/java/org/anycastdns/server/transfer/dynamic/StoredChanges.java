package org.anycastdns.server.transfer.dynamic;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.update.ZoneContent;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// Stores what changes in zones, and knows which zones have a version that is not served yet. What
/// it stored is durable after {@link #sync}. Owned by the thread `update`.
final class StoredChanges {

    private final UpdateLog log;
    private final Set<DynamicZone> changed = new LinkedHashSet<>();
    private volatile @Nullable ZoneStore store;
    private boolean isUnsynced;

    StoredChanges(UpdateLog log) {
        this.log = log;
    }

    /// Takes the store, before anything changes.
    void open(ZoneStore opened) {
        store = opened;
    }

    /// Stores what a zone begins with.
    void begin(DynamicZone zone, SoaRecord soa, Records records) throws IOException {
        Objects.requireNonNull(store).replace(zone.name, soa, records, null);
        isUnsynced = true;
        zone.content = new ZoneContent(records, soa);
        // Once more, as a delivery: from now on the zone stays without its file.
        again(zone);
    }

    /// Stores a change of the present version.
    void change(DynamicZone zone, ZoneContent content, IxfrStep step) throws IOException {
        Objects.requireNonNull(store).change(zone.name, List.of(step), null);
        isUnsynced = true;
        content.apply(step);
        zone.unserved.add(step);
        zone.messages++;
        zone.deletes += step.deletes().size();
        zone.adds += step.adds().size();
        changed.add(zone);
    }

    /// Notes that the present version must be delivered, although it may be served already.
    void again(DynamicZone zone) {
        zone.isDue = true;
        changed.add(zone);
    }

    /// Returns whether something waits for {@link #sync}.
    boolean isUnsynced() {
        return isUnsynced;
    }

    /// Makes durable what was stored; returns whether all of it is.
    boolean sync() {
        if (!isUnsynced) {
            return true;
        }
        try {
            Objects.requireNonNull(store).sync();
            isUnsynced = false;
            return true;
        } catch (IOException | RuntimeException e) {
            log.unsynced(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Serves what has changed.
    ///
    /// @param serve returns whether it has taken the present version of a zone
    void serve(Predicate<DynamicZone> serve) {
        changed.removeIf(serve);
    }
}
