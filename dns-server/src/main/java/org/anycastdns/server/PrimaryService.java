package org.anycastdns.server;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.PrimaryConfig;
import org.anycastdns.server.config.RemoteConfig;
import org.anycastdns.server.ops.PrimaryStatus;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.primary.ExpireSource;
import org.anycastdns.server.transfer.primary.NotifyTarget;
import org.anycastdns.server.transfer.primary.PrimaryCounters;
import org.anycastdns.server.transfer.primary.PrimaryDoor;
import org.anycastdns.server.transfer.primary.PrimaryZone;
import org.anycastdns.server.transfer.primary.PrimaryZones;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The zones for secondaries and the door of messages that are no plain queries, as they are
/// configured.
final class PrimaryService implements AutoCloseable {

    private final PrimaryZones zones;
    private final PrimaryDoor door;

    /// @param keys the keys of the configuration
    /// @param expiry tells for how long zones of others may be served
    /// @param notifies takes NOTIFY
    /// @param updates answers UPDATE
    PrimaryService(
            Config config,
            TsigKeys keys,
            ExpireSource expiry,
            NotifyReceiver notifies,
            ControlDoor updates) {
        this.zones =
                new PrimaryZones(
                        config.primary().stream()
                                .map(each -> zone(each, config.remotes(), keys))
                                .toList());
        this.door = new PrimaryDoor(zones, expiry, notifies, updates);
    }

    private static PrimaryZone zone(
            PrimaryConfig config, Map<String, RemoteConfig> remotes, TsigKeys keys) {
        List<NotifyTarget> targets =
                config.notified().stream()
                        .map(name -> target(name, Objects.requireNonNull(remotes.get(name)), keys))
                        .toList();
        return new PrimaryZone(config.zone(), config.transferAccess(remotes), targets);
    }

    private static NotifyTarget target(String name, RemoteConfig remote, TsigKeys keys) {
        @Nullable Name key = remote.key();
        return new NotifyTarget(name, remote.sockets(), key == null ? null : keys.find(key));
    }

    /// Returns what gets the records of the zones.
    RecordsReceiver receiver() {
        return zones;
    }

    /// Returns what answers messages that are no plain queries.
    ControlDoor door() {
        return door;
    }

    /// Tells secondaries of the versions that there are, and from now on of new ones.
    void start() {
        zones.start();
    }

    PrimaryStatus status() {
        PrimaryCounters counters = zones.counters();
        return new PrimaryStatus(
                zones.status(),
                door.running(),
                counters.sent(),
                counters.failed(),
                counters.notified(),
                counters.received(),
                counters.octets(),
                counters.messages());
    }

    @Override
    public void close() {
        zones.close();
    }
}
