package org.anycastdns.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.ops.Vitals;
import org.anycastdns.server.ops.ZoneExport;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.store.StateFolder;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.NotifyReceiver.Verdict;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.MasterFileWriter;
import org.anycastdns.server.zonefile.MasterFileWriter.OwnerForm;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state folder, with the zones that come from primaries. {@link PrimaryService} has those that
/// UPDATE changes, which are in the same folder.
final class StateZones implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateZones.class);

    /// The folder of the versions that secondaries may have, in the state folder. It is a store of
    /// its own: a zone there comes from its file, and is never served from the folder.
    private static final String VERSIONS = "versions";

    private final ZoneStore store;
    private final @Nullable SecondaryZones secondary;

    private StateZones(ZoneStore store, @Nullable SecondaryZones secondary) {
        this.store = store;
        this.secondary = secondary;
    }

    /// Opens the folder and hands on the zones in it; returns null if no zone needs it.
    ///
    /// @throws IOException if it cannot be used; the text says what to do
    static @Nullable StateZones open(
            Config config,
            PrimaryService primary,
            Map<String, PeerTls> tls,
            Reloader reloader,
            Vitals vitals)
            throws IOException, InterruptedException {
        Path folder = config.state();
        boolean isUsed = !config.secondary().isEmpty() || !config.primary().isEmpty();
        if (folder == null || !isUsed) {
            return null;
        }
        StateFolder store = StateFolder.open(folder);
        vitals.stored(new Export(store));
        vitals.changes(zone -> {
            List<IxfrStep> changes = primary.changes(zone);
            return changes.isEmpty() ? store.history(zone) : changes;
        });
        SecondaryZones zones;
        try {
            primary.restore(store, StateFolder.open(folder.resolve(VERSIONS)));
            zones = Secondaries.open(config, store, tls, reloader);
        } catch (IOException e) {
            store.close();
            throw e;
        }
        if (zones != null) {
            vitals.transfers(zones);
            zones.restore();
        }
        return new StateZones(store, zones);
    }

    /// Writes the zones of a store.
    private record Export(StateFolder store) implements ZoneExport {

        @Override
        public long damages() {
            return store.damages();
        }

        @Override
        public boolean has(Name zone) {
            return store.zones().stream().anyMatch(each -> each.name().equals(zone));
        }

        @Override
        public void write(Name zone, Appendable out) throws IOException {
            MasterFileWriter.write(zone, store.records(zone), OwnerForm.RELATIVE, out);
        }
    }

    /// Returns the zones that come from primaries, or null if there are none.
    @Nullable SecondaryZones secondary() {
        return secondary;
    }

    /// Begins to ask primaries.
    void start() {
        if (secondary != null) {
            secondary.start();
        }
    }

    /// Takes NOTIFY.
    Verdict notified(Name zone, InetAddress sender, @Nullable Name key, OptionalInt serial) {
        return secondary == null
                ? Verdict.NOT_AUTHORITATIVE
                : secondary.notified(zone, sender, key, serial);
    }

    /// Closes the folder. Whoever else uses it must be closed before.
    @Override
    public void close() {
        if (secondary != null) {
            secondary.close();
        }
        try {
            store.close();
        } catch (IOException e) {
            LOG.error("the state folder cannot be closed: {}", e.getMessage());
        }
    }
}
