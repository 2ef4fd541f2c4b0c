package org.anycastdns.server.transfer.dynamic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.server.reload.ZoneState;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.transfer.update.SerialPolicy;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.testkit.Eventually;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Update;

/// Updates from the door to the served zone, with a folder of zone files and a state folder (cases
/// 98, 106, 107, 110, 111).
class DynamicZonesTest extends DynamicZoneFixture {

    /// More records than a zone has that is always built as a whole.
    private static final int LARGE = 25_000;

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
        for (int i = 0; i < WaitingPlaces.KEY_MAX; i++) {
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

    /// Case 106: the policy of the zone, not that of the client.
    @Test
    void theSerialGrowsAsConfigured() throws Exception {
        serials = SerialPolicy.UNIXTIME;
        write(1);
        DynamicZones opened = started();
        long before = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        assertEquals("NOERROR", sent(opened, "add a.example. 60 A 192.0.2.1"));
        ZoneState state =
                until(zone ->
                        zone.available() && Objects.requireNonNull(zone.zone()).serial() != 1);
        long serial = Integer.toUnsignedLong(Objects.requireNonNull(state.zone()).serial());
        assertTrue(serial >= before, () -> serial + " is before " + before);
        assertEquals("NOERROR", sent(opened, "add b.example. 60 A 192.0.2.1"));
        // Also within a second, or when the clock goes back.
        var _ = until(zone -> Integer.toUnsignedLong(serialOf(zone)) > serial);
    }

    private static int serialOf(ZoneState zone) {
        return Objects.requireNonNull(zone.zone()).serial();
    }

    /// A large zone changes by an overlay; who follows it is told each change, in order.
    @Test
    void aLargeZoneChangesInPlace() throws Exception {
        String[] hosts =
                IntStream.range(0, LARGE)
                        .mapToObj(i -> "h%d 60 IN A 10.0.%d.%d".formatted(i, i >> 8, i & 0xff))
                        .toArray(String[]::new);
        write(1, hosts);
        DynamicZones opened = started();
        served(1, LARGE + 2);
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    "NOERROR",
                    sent(
                            opened,
                            "delete h%d.example.".formatted(i),
                            "add n%d.example. 60 A 192.0.2.1".formatted(i)));
        }
        Zone last = served(6, LARGE + 2);
        assertNotNull(last.overlay(), "built as a whole");
        List<Integer> expected = List.of(1, 2, 3, 4, 5);
        assertEquals(
                expected,
                Eventually.seen(
                        "the changes",
                        Duration.ofSeconds(30),
                        () ->
                                List.copyOf(followed).stream()
                                        .map(step -> step.from().serial())
                                        .toList(),
                        expected::equals));
        stop();
        opened = started();
        served(6, LARGE + 2);
        assertEquals("NOERROR", sent(opened, "delete n4.example."));
        assertNotNull(served(7, LARGE + 1).overlay());
    }
}
