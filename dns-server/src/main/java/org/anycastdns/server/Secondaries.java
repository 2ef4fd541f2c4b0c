package org.anycastdns.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.RemoteConfig;
import org.anycastdns.server.config.SecondaryConfig;
import org.anycastdns.server.config.TransferConfig;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.TransferLimits;
import org.anycastdns.server.transfer.secondary.Primary;
import org.anycastdns.server.transfer.secondary.SecondarySettings;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
import org.anycastdns.server.transfer.secondary.TransferStatus;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// Makes the zones that come from primaries, as the configuration says.
final class Secondaries {

    private Secondaries() {}

    /// Returns the zones that come from primaries, or null if there are none. Nothing is served or
    /// asked yet.
    ///
    /// @param store keeps them, and is closed with them
    /// @param reloader takes what is to be served
    static @Nullable SecondaryZones open(Config config, ZoneStore store, Reloader reloader) {
        if (config.secondary().isEmpty()) {
            return null;
        }
        return new SecondaryZones(
                primaries(config),
                settings(config),
                store,
                reloader.images(),
                reloader::deliver,
                SecondaryZones.systemClock());
    }

    /// Returns the seconds until a zone from a primary expires; empty if it is no such zone.
    static OptionalLong secondsLeft(@Nullable SecondaryZones zones, Name zone) {
        TransferStatus status = zones == null ? null : zones.status(zone);
        Instant expiry = status == null ? null : status.expiry();
        return expiry == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, Duration.between(Instant.now(), expiry).toSeconds()));
    }

    private static Map<Name, List<Primary>> primaries(Config config) {
        TsigKeys keys = config.tsigKeys();
        Map<Name, List<Primary>> zones = new LinkedHashMap<>();
        for (SecondaryConfig zone : config.secondary()) {
            List<Primary> primaries = new ArrayList<>();
            for (String name : zone.primaries()) {
                RemoteConfig remote = Objects.requireNonNull(config.remotes().get(name));
                Name keyName = remote.key();
                TsigKey key = keyName == null ? null : keys.find(keyName);
                for (InetSocketAddress address : remote.sockets()) {
                    primaries.add(new Primary(name, address, key));
                }
            }
            zones.put(zone.zone(), primaries);
        }
        return zones;
    }

    private static SecondarySettings settings(Config config) {
        TransferConfig limits = config.transfers();
        return new SecondarySettings(
                limits.atOnce(),
                limits.atOncePerPrimary(),
                new TransferLimits(
                        limits.octets().octets(),
                        config.limits().zoneRecords(),
                        ReadOptions.of(config).budget().recordMemory(),
                        TransferLimits.DEFAULT.versionsMax(),
                        TransferLimits.DEFAULT.changesMax(),
                        limits.time().toMillis(),
                        limits.idleTimeout().toMillis()),
                new TimerLimits(
                        limits.refreshMin().toSeconds(),
                        limits.refreshMax().toSeconds(),
                        limits.retryMin().toSeconds(),
                        limits.retryMax().toSeconds(),
                        limits.expireMin().toSeconds(),
                        limits.expireMax().toSeconds()));
    }
}
