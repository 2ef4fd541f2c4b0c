package org.anycastdns.server.transfer.dynamic;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.anycastdns.server.store.StoredZone;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.transfer.ZoneTimers;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.jspecify.annotations.Nullable;

/// A store whose disk fails when a test says so, and which counts.
final class PlannedStore implements ZoneStore {

    private final ZoneStore store;
    private final AtomicInteger syncs = new AtomicInteger();
    private volatile boolean failsWrites;
    private volatile boolean failsSyncs;

    PlannedStore(ZoneStore store) {
        this.store = store;
    }

    void failWrites(boolean fail) {
        failsWrites = fail;
    }

    void failSyncs(boolean fail) {
        failsSyncs = fail;
    }

    int syncs() {
        return syncs.get();
    }

    /// Returns how many changes are kept from a serial on.
    int steps(Name zone, int serial) throws IOException {
        return Objects.requireNonNull(history(zone, serial)).size();
    }

    private static void check(boolean fails) throws IOException {
        if (fails) {
            throw new IOException("no space left on device, says the test");
        }
    }

    @Override
    public Collection<StoredZone> zones() {
        return store.zones();
    }

    @Override
    public Records records(Name zone) throws IOException {
        return store.records(zone);
    }

    @Override
    public void replace(
            Name zone, SoaRecord soa, Records records, ZoneTimers.@Nullable Saved timers)
            throws IOException {
        check(failsWrites);
        store.replace(zone, soa, records, timers);
    }

    @Override
    public void replaceNotNewer(Name zone, SoaRecord soa, Records records, int newestSerial)
            throws IOException {
        check(failsWrites);
        store.replaceNotNewer(zone, soa, records, newestSerial);
    }

    @Override
    public List<IxfrStep> history(Name zone) throws IOException {
        return store.history(zone);
    }

    @Override
    public void change(Name zone, List<IxfrStep> steps, ZoneTimers.@Nullable Saved timers)
            throws IOException {
        check(failsWrites);
        store.change(zone, steps, timers);
    }

    @Override
    public void confirm(Name zone, ZoneTimers.Saved timers) throws IOException {
        store.confirm(zone, timers);
    }

    @Override
    public void remove(Name zone) throws IOException {
        store.remove(zone);
    }

    @Override
    public @Nullable List<IxfrStep> history(Name zone, int serial) throws IOException {
        return store.history(zone, serial);
    }

    @Override
    public void sync() throws IOException {
        check(failsSyncs);
        syncs.incrementAndGet();
        store.sync();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
