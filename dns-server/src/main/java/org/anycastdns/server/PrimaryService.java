package org.anycastdns.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.PrimaryConfig;
import org.anycastdns.server.config.RemoteConfig;
import org.anycastdns.server.config.SecondaryConfig;
import org.anycastdns.server.ops.PrimaryStatus;
import org.anycastdns.server.ops.ZoneFreeze;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.RecordsReceiver;
import org.anycastdns.server.reload.ReloadResult;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.store.ZoneStore;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.catalog.MemberProperties;
import org.anycastdns.server.transfer.dynamic.DynamicZones;
import org.anycastdns.server.transfer.dynamic.FreezeResult;
import org.anycastdns.server.transfer.forward.UpdateForwarder;
import org.anycastdns.server.transfer.primary.ExpireSource;
import org.anycastdns.server.transfer.primary.NotifyTarget;
import org.anycastdns.server.transfer.primary.PrimaryCounters;
import org.anycastdns.server.transfer.primary.PrimaryDoor;
import org.anycastdns.server.transfer.primary.PrimaryZone;
import org.anycastdns.server.transfer.primary.PrimaryZones;
import org.anycastdns.server.transfer.primary.ProducedCatalogs;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.update.UpdateLimits;
import org.anycastdns.server.transfer.update.ZoneUpdates;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zonefile.problem.Problem;
import org.jspecify.annotations.Nullable;

/// The zones for secondaries and the door of messages that are no plain queries, as they are
/// configured.
final class PrimaryService implements AutoCloseable {

    private final PrimaryZones zones;
    private final PrimaryDoor door;
    private final DynamicZones dynamic;
    private final ProducedCatalogs catalogs;
    // Those whose versions are stored by whoever makes them.
    private final Set<Name> others;
    private final UpdateForwarder forwarder;

    /// @param keys the keys of the configuration
    /// @param expiry tells for how long zones of others may be served
    /// @param notifies takes NOTIFY
    /// @param images makes what is served of zones that UPDATE changes
    /// @param deliver takes it
    PrimaryService(
            Config config,
            TsigKeys keys,
            ExpireSource expiry,
            NotifyReceiver notifies,
            Supplier<ImageFactory> images,
            Consumer<Delivery> deliver) {
        this.zones =
                new PrimaryZones(
                        config.primary().stream()
                                .map(each -> zone(each, config.remotes(), keys))
                                .toList());
        this.others =
                Stream.concat(
                                config.primary().stream()
                                        .filter(PrimaryConfig::isDynamic)
                                        .map(PrimaryConfig::zone),
                                config.secondary().stream().map(SecondaryConfig::apex))
                        .collect(Collectors.toSet());
        this.dynamic = new DynamicZones(updates(config), images, deliver, zones::changed);
        this.catalogs = catalogs(config, images, deliver);
        this.forwarder = new UpdateForwarder(dynamic.door());
        this.door = new PrimaryDoor(zones, expiry, notifies, forwarder);
    }

    private ProducedCatalogs catalogs(
            Config config, Supplier<ImageFactory> images, Consumer<Delivery> deliver) {
        Map<Name, MemberProperties> members = new LinkedHashMap<>();
        List<Name> names = new ArrayList<>();
        for (PrimaryConfig each : config.primary()) {
            if (each.catalog()) {
                names.add(each.zone());
            } else {
                members.put(each.zone(), each.properties());
            }
        }
        ProducedCatalogs produced =
                new ProducedCatalogs(
                        names,
                        members,
                        zones::present,
                        images,
                        deliver,
                        () -> TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
        zones.onPresence(produced::changed);
        return produced;
    }

    private static Map<Name, ZoneUpdates> updates(Config config) {
        UpdateLimits limits =
                new UpdateLimits(config.limits().zoneRecords(), UpdateLimits.DEFAULT.octetsMax());
        Map<Name, ZoneUpdates> updates = new LinkedHashMap<>();
        for (PrimaryConfig each : config.primary()) {
            if (each.isDynamic()) {
                updates.put(
                        each.zone(), new ZoneUpdates(each.updatePolicy(), each.serial(), limits));
            }
        }
        return updates;
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
        return new NotifyTarget(
                name, remote.sockets(), key == null ? null : keys.find(key), remote::sourceTo);
    }

    /// Hands on UPDATEs for zones of primaries, as the configuration says.
    ///
    /// @param tls what connections are made with, by the names of the remotes that have TLS
    void forward(Config config, Map<String, PeerTls> tls) {
        forwarder.forward(Secondaries.forwarded(config, tls));
    }

    /// Returns what gets the records of the zones.
    RecordsReceiver receiver() {
        return new Receivers(zones, dynamic);
    }

    /// Hands on the stored versions of zones that UPDATE changes.
    ///
    /// @param store keeps them; it stays open until {@link #close} has returned
    /// @param versions keeps the versions of the other zones for secondaries; belongs to this
    ///   object from now on
    void restore(ZoneStore store, ZoneStore versions) {
        zones.keep(versions, store, others::contains);
        dynamic.restore(store);
    }

    /// Freezes a zone that UPDATE changes, or thaws it once its file has been read.
    ///
    /// @param reload reads the files that have changed
    @Nullable CompletableFuture<ZoneFreeze.Result> freeze(
            Name zone, boolean frozen, Supplier<CompletableFuture<ReloadResult>> reload) {
        if (frozen || !dynamic.wants(zone)) {
            return result(dynamic.freeze(zone));
        }
        return reload.get()
                .thenCompose(files ->
                        files.waiting().contains(zone)
                                ? CompletableFuture.completedFuture(
                                        new ZoneFreeze.Result(
                                                0,
                                                "the file of zone %s is still being written, and the zone stays frozen: thaw again when it is complete"
                                                        .formatted(zone)))
                                : Objects.requireNonNull(result(dynamic.thaw(zone))));
    }

    private static @Nullable CompletableFuture<ZoneFreeze.Result> result(
            @Nullable CompletableFuture<FreezeResult> asked) {
        return asked == null
                ? null
                : asked.thenApply(result ->
                        switch (result) {
                            case FreezeResult.Done(int serial) ->
                                    new ZoneFreeze.Result(Integer.toUnsignedLong(serial), "");
                            case FreezeResult.Failed(String reason) ->
                                    new ZoneFreeze.Result(0, reason);
                        });
    }

    /// Returns what answers messages that are no plain queries.
    ControlDoor door() {
        return door;
    }

    /// Tells secondaries of the versions that there are, and from now on of new ones.
    void start() {
        zones.start();
        dynamic.start();
        catalogs.start();
    }

    /// Returns the changes of a zone for secondaries that lead to the present version.
    List<IxfrStep> changes(Name zone) {
        return zones.changes(zone);
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
                dynamic.counters().counts(),
                forwarder.counters().counts(),
                dynamic.frozen(),
                counters.octets(),
                counters.messages(),
                zones.storeErrors());
    }

    @Override
    public void close() {
        catalogs.close();
        forwarder.close();
        dynamic.close();
        zones.close();
    }

    /// Two that want the records of zones: one gives them to secondaries, the other changes them.
    private record Receivers(PrimaryZones zones, DynamicZones dynamic) implements RecordsReceiver {

        @Override
        public boolean wants(Name zone) {
            return zones.wants(zone);
        }

        @Override
        public boolean followsChanges(Name zone) {
            return dynamic.followsChanges(zone);
        }

        @Override
        public void loaded(Name zone, Records records) {
            zones.loaded(zone, records);
            dynamic.loaded(zone, records);
        }

        @Override
        public boolean takesOver(Name zone, Path file, Records records) {
            return dynamic.takesOver(zone, file, records);
        }

        @Override
        public void refused(Name zone, Problem problem) {
            dynamic.refused(zone, problem);
        }

        @Override
        public void removed(Name zone) {
            zones.removed(zone);
        }
    }
}
