package org.anycastdns.server.transfer.dynamic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.anycastdns.server.reload.CounterSlots;
import org.anycastdns.server.reload.Delivery;
import org.anycastdns.server.reload.ImageFactory;
import org.anycastdns.server.reload.Reloader;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.reload.ZonesStatus;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.store.StateFolder;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.transfer.update.SerialPolicy;
import org.anycastdns.server.transfer.update.UpdateLimits;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.server.transfer.update.UpdatePolicy;
import org.anycastdns.server.transfer.update.UpdateRule;
import org.anycastdns.server.transfer.update.ZoneUpdates;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ReadRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Update;

/// A zone that UPDATE changes, with a folder of zone files and a state folder.
abstract class DynamicZoneFixture {

    static final Name ZONE = Name.of("example");
    private static final int WAIT_SECONDS = 30;
    static final int OCTETS_MAX = 1_232;
    static final long NOW = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    static final TsigKey KEY = key("ddns");
    static final TsigKey OTHER = key("other");

    @TempDir Path folder;

    final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    final List<String> served = new ArrayList<>();
    final List<IxfrStep> followed = Collections.synchronizedList(new ArrayList<>());
    SerialPolicy serials = SerialPolicy.INCREMENT;
    @Nullable PlannedStore store;
    @Nullable Reloader reloader;
    @Nullable DynamicZones zones;

    static TsigKey key(String name) {
        return new TsigKey(Name.of(name), TsigAlgorithm.HMAC_SHA256, new byte[32]);
    }

    @AfterEach
    void stop() throws IOException {
        if (reloader != null) {
            reloader.close();
        }
        if (zones != null) {
            zones.close();
        }
        if (store != null) {
            store.close();
        }
        reloader = null;
        zones = null;
        store = null;
    }

    void write(int serial, String... more) throws IOException {
        Path files = Files.createDirectories(folder.resolve("zones"));
        Path draft =
                Files.writeString(
                        folder.resolve("draft"),
                        "@ 300 IN SOA ns a %d 60 60 600 60\n@ 300 IN NS ns.other.\n"
                                        .formatted(serial)
                                + String.join("\n", more)
                                + "\n");
        Files.move(draft, files.resolve("example.zone"), StandardCopyOption.REPLACE_EXISTING);
    }

    ImageFactory images() {
        return Objects.requireNonNull(reloader).images();
    }

    void deliver(Delivery delivery) {
        Objects.requireNonNull(reloader).deliver(delivery);
    }

    DynamicZones open() throws IOException, InterruptedException {
        published.clear();
        UpdatePolicy policy =
                new UpdatePolicy(List.of(UpdateRule.of(KEY.name(), List.of(), List.of())));
        ZoneUpdates updates = new ZoneUpdates(policy, serials, UpdateLimits.DEFAULT);
        DynamicZones opened =
                new DynamicZones(
                        Map.of(ZONE, updates),
                        this::images,
                        this::deliver,
                        (_, steps) -> followed.addAll(steps));
        zones = opened;
        Reloader made =
                new Reloader(
                        folder.resolve("zones"),
                        new CounterSlots(2, 10, 1),
                        ReadRules.DEFAULT,
                        Clock.systemUTC(),
                        _ -> true,
                        published::add,
                        opened);
        reloader = made;
        store = new PlannedStore(StateFolder.open(folder.resolve("state")));
        opened.restore(Objects.requireNonNull(store));
        assertEquals(List.of(), made.load(false));
        made.start(Duration.ofMillis(50));
        return opened;
    }

    DynamicZones started() throws IOException, InterruptedException {
        DynamicZones opened = open();
        opened.start();
        return opened;
    }

    ZoneState until(Predicate<ZoneState> condition) throws InterruptedException {
        while (true) {
            ZonesStatus status = published.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertNotNull(status, served::toString);
            for (ZoneState zone : status.zones()) {
                if (zone.apex().equals(ZONE) && condition.test(zone)) {
                    return zone;
                }
                served.add(zone.toString());
            }
        }
    }

    Zone served(int serial, int records) throws InterruptedException {
        ZoneState state =
                until(zone ->
                        zone.available() && Objects.requireNonNull(zone.zone()).serial() == serial);
        Zone zone = Objects.requireNonNull(state.zone());
        assertEquals(records, zone.recordCount());
        return zone;
    }

    static ControlRequest request(@Nullable TsigKey key, String zone, String... lines) {
        return request(key, Standing.SERVED, UpdateMessages.message(zone, lines));
    }

    static ControlRequest request(@Nullable TsigKey key, Standing standing, Update update) {
        byte[] message = update.toWire(65_535);
        TsigVerdict.Verified signature = null;
        if (key != null) {
            message = TsigSigner.request(key).sign(message, message.length, NOW);
            signature =
                    assertInstanceOf(
                            TsigVerdict.Verified.class,
                            TsigRequests.check(
                                    new TsigKeys(List.of(key)), message, message.length, NOW));
        }
        return new ControlRequest(
                message,
                standing,
                InetAddress.ofLiteral("192.0.2.7"),
                Transport.UDP,
                null,
                signature,
                OCTETS_MAX,
                0,
                NOW);
    }

    static byte[] octets(CompletableFuture<byte[]> later) throws Exception {
        return later.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    static CompletableFuture<byte[]> later(ControlReply reply) {
        return assertInstanceOf(ControlReply.Later.class, reply).message();
    }

    static String rcode(byte[] message) {
        return UpdateMessages.parsed(message).rcodeName();
    }

    static String sent(DynamicZones to, String... lines) throws Exception {
        return rcode(octets(later(to.door().answer(request(KEY, "example.", lines)))));
    }
}
