package org.anycastdns.server.transfer.dynamic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.anycastdns.server.transfer.message.MessageRecord;
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
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zonefile.ReadRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Update;

/// Updates from the door to the served zone, with a folder of zone files and a state folder (cases
/// 98, 106, 107, 110, 111).
class DynamicZonesTest {

    private static final Name ZONE = Name.of("example");
    private static final int WAIT_SECONDS = 30;
    private static final int OCTETS_MAX = 1_232;
    private static final long NOW = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    private static final TsigKey KEY = key("ddns");
    private static final TsigKey OTHER = key("other");

    @TempDir private Path folder;

    private final BlockingQueue<ZonesStatus> published = new LinkedBlockingQueue<>();
    private final List<String> served = new ArrayList<>();
    private @Nullable PlannedStore store;
    private @Nullable Reloader reloader;
    private @Nullable DynamicZones zones;

    private static TsigKey key(String name) {
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

    private void write(int serial, String... more) throws IOException {
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

    private ImageFactory images() {
        return Objects.requireNonNull(reloader).images();
    }

    private void deliver(Delivery delivery) {
        Objects.requireNonNull(reloader).deliver(delivery);
    }

    private DynamicZones open() throws IOException, InterruptedException {
        published.clear();
        UpdatePolicy policy =
                new UpdatePolicy(List.of(UpdateRule.of(KEY.name(), List.of(), List.of())));
        ZoneUpdates updates = new ZoneUpdates(policy, SerialPolicy.INCREMENT, UpdateLimits.DEFAULT);
        DynamicZones opened = new DynamicZones(Map.of(ZONE, updates), this::images, this::deliver);
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

    private DynamicZones started() throws IOException, InterruptedException {
        DynamicZones opened = open();
        opened.start();
        return opened;
    }

    private ZoneState until(Predicate<ZoneState> condition) throws InterruptedException {
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

    private Zone served(int serial, int records) throws InterruptedException {
        ZoneState state =
                until(zone ->
                        zone.available() && Objects.requireNonNull(zone.zone()).serial() == serial);
        Zone zone = Objects.requireNonNull(state.zone());
        assertEquals(records, zone.recordCount());
        return zone;
    }

    private static ControlRequest request(@Nullable TsigKey key, String zone, String... lines) {
        return request(key, Standing.SERVED, UpdateMessages.message(zone, lines));
    }

    private static ControlRequest request(@Nullable TsigKey key, Standing standing, Update update) {
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

    private static byte[] octets(CompletableFuture<byte[]> later) throws Exception {
        return later.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static CompletableFuture<byte[]> later(ControlReply reply) {
        return assertInstanceOf(ControlReply.Later.class, reply).message();
    }

    private static String rcode(byte[] message) {
        return UpdateMessages.parsed(message).rcodeName();
    }

    private static String sent(DynamicZones to, String... lines) throws Exception {
        return rcode(octets(later(to.door().answer(request(KEY, "example.", lines)))));
    }

    @Test
    void whoHasNoKeyOfTheZoneWaitsForNothing() throws Exception {
        write(1);
        DynamicZones opened = started();
        String add = "add a.example. 60 A 192.0.2.1";
        assertEquals(
                new ControlReply.Plain(Rcode.NOTAUTH, ExtendedError.NOT_AUTHORITATIVE),
                opened.door()
                        .answer(
                                request(
                                        KEY,
                                        Standing.NO_ZONE,
                                        UpdateMessages.message(
                                                "other.", "add a.other. 1 A 10.0.0.1"))));
        assertEquals(
                new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED_UPDATE),
                opened.door().answer(request(KEY, "other.", "add a.other. 1 A 10.0.0.1")));
        for (TsigKey key : new TsigKey[] {null, OTHER}) {
            assertEquals(
                    new ControlReply.Plain(Rcode.REFUSED, ExtendedError.PROHIBITED_KEY),
                    opened.door().answer(request(key, "example.", add)));
        }
        ControlRequest cut = request(null, "example.", add);
        byte[] half = java.util.Arrays.copyOf(cut.message(), cut.message().length - 3);
        assertEquals(
                new ControlReply.Plain(Rcode.FORMERR, null),
                opened.door()
                        .answer(
                                new ControlRequest(
                                        half,
                                        Standing.SERVED,
                                        cut.client(),
                                        Transport.UDP,
                                        null,
                                        null,
                                        OCTETS_MAX,
                                        0,
                                        NOW)));
        Map<String, Long> counts = opened.counters().counts();
        assertEquals(3L, counts.get("refused"));
        assertEquals(1L, counts.get("notauth"));
        assertEquals(1L, counts.get("formerr"));
    }

    @Test
    void aChangeIsServedAndSurvives() throws Exception {
        write(1, "www 60 IN A 192.0.2.1");
        DynamicZones opened = started();
        served(1, 3);
        assertEquals("NOERROR", sent(opened, "add new.example. 60 A 192.0.2.2"));
        served(2, 4);
        assertEquals("NOERROR", sent(opened, "add new.example. 60 A 192.0.2.2"));
        assertEquals("REFUSED", sent(opened, "add example. 60 NS ns.other."));
        assertEquals("YXDOMAIN", sent(opened, "nxdomain new.example."));
        assertEquals(1L, opened.counters().counts().get("changed"));
        assertEquals(1L, opened.counters().counts().get("unchanged"));
        assertEquals(1L, opened.counters().counts().get("prerequisite"));
        stop();
        // The same file does not take the change away, nor does its absence.
        opened = started();
        served(2, 4);
        assertEquals("NOERROR", sent(opened, "delete www.example."));
        served(3, 3);
        stop();
        Files.delete(folder.resolve("zones/example.zone"));
        opened = started();
        served(3, 3);
        assertEquals("NOERROR", sent(opened, "add b.example. 60 A 192.0.2.2"));
        served(4, 4);
    }

    @Test
    void theResponseIsSignedAndSaysWhy() throws Exception {
        write(1);
        DynamicZones opened = started();
        Update update = UpdateMessages.message("example.", "add example. 60 NS ns.other.");
        update.addRecord(new OPTRecord(1_232, 0, 0), Section.ADDITIONAL);
        ControlRequest request = request(KEY, Standing.SERVED, update);
        byte[] mac = Objects.requireNonNull(request.signature()).reply().mac();
        byte[] reply = octets(later(opened.door().answer(request)));
        String fault =
                new org.anycastdns.server.transfer.tsig.TsigStream(KEY, mac)
                        .check(reply, reply.length, NOW);
        assertEquals(null, fault);
        var message = UpdateMessages.parsed(reply);
        MessageRecord opt = Objects.requireNonNull(message.opt());
        assertArrayEquals(ExtendedError.PROHIBITED_CHANGE.encoded(), opt.rdata());
        assertEquals(update.getHeader().getID(), message.id());
        assertEquals(1, message.questions().size());
        assertTrue(message.isResponse());
    }

    /// Case 107: what waits together becomes durable together, and nothing is answered before.
    @Test
    void manyUpdatesWaitForOneSync() throws Exception {
        write(1);
        DynamicZones opened = open();
        List<CompletableFuture<byte[]>> replies =
                IntStream.range(0, 100)
                        .mapToObj(i ->
                                later(
                                        opened.door()
                                                .answer(
                                                        request(
                                                                KEY,
                                                                "example.",
                                                                "add h%d.example. 60 A 10.0.0.%d"
                                                                        .formatted(i, i)))))
                        .collect(Collectors.toList());
        assertTrue(replies.stream().noneMatch(CompletableFuture::isDone));
        opened.start();
        for (CompletableFuture<byte[]> each : replies) {
            assertEquals("NOERROR", rcode(octets(each)));
        }
        assertEquals(1, Objects.requireNonNull(store).syncs());
        served(101, 102);
    }

    /// Case 107: while the disk fails, nobody is told that a change is durable, and it is not
    /// served.
    @Test
    void troubleWithTheDiskIsServfail() throws Exception {
        write(1);
        DynamicZones opened = started();
        served(1, 2);
        assertEquals("NOERROR", sent(opened, "add a.example. 60 A 192.0.2.1"));
        served(2, 3);
        PlannedStore planned = Objects.requireNonNull(store);
        planned.failWrites(true);
        assertEquals("SERVFAIL", sent(opened, "add b.example. 60 A 192.0.2.1"));
        planned.failWrites(false);
        planned.failSyncs(true);
        assertEquals("SERVFAIL", sent(opened, "add c.example. 60 A 192.0.2.1"));
        // It is in the log, but nobody knows whether it survives.
        assertEquals("SERVFAIL", sent(opened, "add c.example. 60 A 192.0.2.1"));
        assertEquals(3, Objects.requireNonNull(store).records(ZONE).size() - 1);
        planned.failSyncs(false);
        assertEquals("NOERROR", sent(opened, "add c.example. 60 A 192.0.2.1"));
        served(3, 4);
        assertEquals(3L, opened.counters().counts().get("failed"));
    }

    /// Case 111: the same request again changes nothing more and gets the same RCODE.
    @Test
    void aRepeatGetsTheSameAnswer() throws Exception {
        write(1);
        DynamicZones opened = open();
        Update update =
                UpdateMessages.message(
                        "example.", "nxdomain a.example.", "add a.example. 60 A 192.0.2.1");
        byte[] message = request(KEY, Standing.SERVED, update).message();
        CompletableFuture<byte[]> first = later(opened.door().answer(again(message)));
        CompletableFuture<byte[]> early = later(opened.door().answer(again(message)));
        opened.start();
        assertEquals("NOERROR", rcode(octets(first)));
        assertEquals(0, octets(early).length);
        assertEquals("NOERROR", rcode(octets(later(opened.door().answer(again(message))))));
        served(2, 3);
        assertEquals(2L, opened.counters().counts().get("repeated"));
    }

    private static ControlRequest again(byte[] message) {
        TsigVerdict.Verified signature =
                assertInstanceOf(
                        TsigVerdict.Verified.class,
                        TsigRequests.check(
                                new TsigKeys(List.of(KEY)), message, message.length, NOW));
        return new ControlRequest(
                message,
                Standing.SERVED,
                InetAddress.ofLiteral("192.0.2.7"),
                Transport.UDP,
                null,
                signature,
                OCTETS_MAX,
                0,
                NOW);
    }

    @Test
    void moreThanCanWaitAreTurnedAway() throws Exception {
        write(1);
        DynamicZones opened = open();
        for (int i = 0; i < DynamicZones.WAITING_MAX; i++) {
            var _ = later(opened.door().answer(request(KEY, "example.", "delete a.example.")));
        }
        assertEquals(
                new ControlReply.Plain(Rcode.SERVFAIL, ExtendedError.OTHER_UPDATES),
                opened.door().answer(request(KEY, "example.", "delete a.example.")));
        assertEquals(1L, opened.counters().counts().get("busy"));
    }

    @Test
    void theFileReplacesTheZoneOnlyWithANewerSerial() throws Exception {
        write(1);
        DynamicZones opened = started();
        served(1, 2);
        assertEquals("NOERROR", sent(opened, "add a.example. 60 A 192.0.2.1"));
        served(2, 3);
        write(2, "file 60 IN A 192.0.2.9");
        ZoneState warned = until(zone -> !zone.problems().isEmpty());
        assertTrue(
                warned.problems().getFirst().text().contains("its serial 2 is not newer than 2"),
                warned::toString);
        assertEquals(3, Objects.requireNonNull(warned.zone()).recordCount());
        write(7, "file 60 IN A 192.0.2.9", "more 60 IN A 192.0.2.9");
        served(7, 4);
        // Its history has the difference.
        assertEquals(2, Objects.requireNonNull(store).steps(ZONE, 1));
        assertEquals("NOERROR", sent(opened, "delete more.example."));
        served(8, 3);
    }
}
