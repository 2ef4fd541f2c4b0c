package org.anycastdns.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.RemoteConfig;
import org.anycastdns.server.config.SecondaryConfig;
import org.anycastdns.server.config.TransferConfig;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.store.StateFolder;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.TransferLimits;
import org.anycastdns.server.transfer.secondary.Primary;
import org.anycastdns.server.transfer.secondary.SecondarySettings;
import org.anycastdns.server.transfer.secondary.SecondaryZones;
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
    /// @param reloader takes what is to be served
    /// @throws IOException if the state folder cannot be used; the text says what to do
    static @Nullable SecondaryZones open(Config config, Reloader reloader) throws IOException {
        Path state = config.state();
        if (config.secondary().isEmpty() || state == null) {
            return null;
        }
        return new SecondaryZones(
                primaries(config),
                settings(config),
                StateFolder.open(state),
                reloader.images(),
                reloader::deliver,
                SecondaryZones.systemClock());
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
