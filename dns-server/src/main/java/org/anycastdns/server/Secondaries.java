package org.anycastdns.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
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
import org.anycastdns.server.store.AppendedFile;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.transfer.TimerLimits;
import org.anycastdns.server.transfer.TransferLimits;
import org.anycastdns.server.transfer.secondary.CatalogSource;
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

    /// The folder of the members of catalogs, in the state folder.
    private static final String CATALOGS = "catalogs";

    private Secondaries() {}

    /// Returns the zones that come from primaries, or null if there are none. Nothing is served or
    /// asked yet.
    ///
    /// @param store keeps them, and is closed with them
    /// @param tls what connections are made with, by the names of the remotes that have TLS
    /// @param reloader takes what is to be served
    /// @throws IOException if the state folder cannot be used; the text says what to do
    static @Nullable SecondaryZones open(
            Config config, ZoneStore store, Map<String, PeerTls> tls, Reloader reloader)
            throws IOException {
        Path state = config.state();
        if (config.secondary().isEmpty() || state == null) {
            return null;
        }
        AppendedFile members = AppendedFile.open(state.resolve(CATALOGS));
        List<CatalogSource> catalogs = catalogs(config, tls);
        SecondaryZones zones =
                new SecondaryZones(
                        zones(config, tls),
                        catalogs,
                        settings(config),
                        store,
                        members,
                        reloader.images(),
                        reloader::deliver,
                        SecondaryZones.systemClock());
        if (!catalogs.isEmpty()) {
            reloader.tellFiles(zones::files);
        }
        return zones;
    }

    /// Returns the seconds until a zone from a primary expires; empty if it is no such zone.
    static OptionalLong secondsLeft(@Nullable SecondaryZones zones, Name zone) {
        TransferStatus status = zones == null ? null : zones.status(zone);
        Instant expiry = status == null ? null : status.expiry();
        return expiry == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, Duration.between(Instant.now(), expiry).toSeconds()));
    }

    private static Map<Name, List<Primary>> zones(Config config, Map<String, PeerTls> tls) {
        Map<Name, List<Primary>> zones = new LinkedHashMap<>();
        for (SecondaryConfig each : config.secondary()) {
            if (each.catalog() == null) {
                zones.put(each.apex(), primaries(config, tls, each.primaries()));
            }
        }
        return zones;
    }

    /// Returns the primaries of the zones whose updates are handed on.
    static Map<Name, List<Primary>> forwarded(Config config, Map<String, PeerTls> tls) {
        Map<Name, List<Primary>> zones = new LinkedHashMap<>();
        for (SecondaryConfig each : config.secondary()) {
            if (each.forwardUpdates()) {
                zones.put(each.apex(), primaries(config, tls, each.primaries()));
            }
        }
        return zones;
    }

    private static List<CatalogSource> catalogs(Config config, Map<String, PeerTls> tls) {
        List<CatalogSource> catalogs = new ArrayList<>();
        for (SecondaryConfig each : config.secondary()) {
            if (each.catalog() == null) {
                continue;
            }
            List<String> members =
                    each.membersFrom().isEmpty() ? each.primaries() : each.membersFrom();
            Map<String, List<Primary>> groups = new LinkedHashMap<>();
            each.groups()
                    .forEach((name, group) ->
                            groups.put(name, primaries(config, tls, group.primaries())));
            catalogs.add(
                    new CatalogSource(
                            each.apex(),
                            primaries(config, tls, each.primaries()),
                            primaries(config, tls, members),
                            groups));
        }
        return catalogs;
    }

    private static List<Primary> primaries(
            Config config, Map<String, PeerTls> tls, List<String> names) {
        TsigKeys keys = config.tsigKeys();
        List<Primary> primaries = new ArrayList<>();
        for (String name : names) {
            RemoteConfig remote = Objects.requireNonNull(config.remotes().get(name));
            Name keyName = remote.key();
            TsigKey key = keyName == null ? null : keys.find(keyName);
            for (InetSocketAddress address : remote.sockets()) {
                primaries.add(
                        new Primary(name, address, key, tls.get(name), remote.sourceTo(address)));
            }
        }
        return primaries;
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
