package org.anycastdns.server.transfer.primary;

import static org.anycastdns.server.transfer.primary.PrimarySamples.ZONE;
import static org.anycastdns.server.transfer.primary.PrimarySamples.access;
import static org.anycastdns.server.transfer.primary.PrimarySamples.address;
import static org.anycastdns.server.transfer.primary.PrimarySamples.zones;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.anycastdns.server.guard.AccessList;
import org.anycastdns.server.guard.AccessRule;
import org.anycastdns.server.guard.AddressPrefix;
import org.anycastdns.server.serve.ControlDoor;
import org.anycastdns.server.serve.ControlReply;
import org.anycastdns.server.serve.ControlRequest;
import org.anycastdns.server.serve.ControlRequest.Standing;
import org.anycastdns.server.serve.ResponseStream;
import org.anycastdns.server.serve.TlsClient;
import org.anycastdns.server.serve.Transport;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.NotifyReceiver;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.out.NotifyMessage;
import org.anycastdns.server.transfer.out.OutgoingSamples;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Who gets what (cases 41, 42, 54, 62, 63, 67, 93, 95).
class PrimaryDoorTest {

    private static final long NOW = 1_790_000_000;
    private static final AccessList ANYBODY = access("0.0.0.0/0", null);

    private final List<String> notified = new ArrayList<>();
    private NotifyReceiver.Verdict verdict = NotifyReceiver.Verdict.TAKEN;

    private PrimaryDoor door(PrimaryZones zones) {
        return new PrimaryDoor(
                zones,
                ExpireSource.OWN,
                (zone, sender, key, serial) -> {
                    notified.add(
                            "%s %s %s %s".formatted(zone, sender.getHostAddress(), key, serial));
                    return verdict;
                },
                ControlDoor.CLOSED);
    }

    private static byte[] question(int type) {
        return Message.newQuery(
                        Record.newRecord(
                                org.xbill.DNS.Name.fromConstantString("example."), type, DClass.IN))
                .toWire();
    }

    private static byte[] ixfr(long serial) {
        try {
            Message message = new Message(question(Type.IXFR));
            String[] soa = CannedPrimary.soa(serial).split(" ", 3);
            message.addRecord(
                    Record.fromString(
                            org.xbill.DNS.Name.fromConstantString("example."),
                            Type.SOA,
                            DClass.IN,
                            0,
                            soa[2],
                            org.xbill.DNS.Name.root),
                    Section.AUTHORITY);
            return message.toWire();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ControlRequest request(byte[] message, Standing standing, Transport transport) {
        return request(message, standing, transport, null);
    }

    private static ControlRequest request(
            byte[] message,
            Standing standing,
            Transport transport,
            TsigVerdict.@Nullable Verified signature) {
        return request(message, standing, transport, null, signature);
    }

    private static ControlRequest request(
            byte[] message,
            Standing standing,
            Transport transport,
            @Nullable TlsClient tls,
            TsigVerdict.@Nullable Verified signature) {
        return new ControlRequest(
                message,
                standing,
                address("192.0.2.7"),
                transport,
                tls,
                signature,
                1_232,
                100,
                NOW);
    }

    private static ControlRequest secured(byte[] message, TlsClient client) {
        return request(message, Standing.SERVED, Transport.TLS, client, null);
    }

    private static ControlRequest axfr() {
        return request(question(Type.AXFR), Standing.SERVED, Transport.TCP);
    }

    private static TsigVerdict.Verified signature(byte[] message) {
        byte[] signed = TsigSigner.request(OutgoingSamples.KEY).sign(message, message.length, NOW);
        return assertInstanceOf(
                TsigVerdict.Verified.class,
                TsigRequests.check(
                        new TsigKeys(List.of(OutgoingSamples.KEY)), signed, signed.length, NOW));
    }

    private static void assertPlain(
            int rcode, @Nullable ExtendedError extended, ControlReply reply) {
        assertEquals(new ControlReply.Plain(rcode, extended), reply);
    }

    private static ResponseStream stream(ControlReply reply) {
        return assertInstanceOf(ControlReply.Stream.class, reply).messages();
    }

    @Test
    void case41TheRcodeTellsWhatIsMissing() throws InterruptedException {
        try (PrimaryZones zones = zones(access("192.0.2.0/24", OutgoingSamples.KEY.name()))) {
            PrimaryDoor door = door(zones);
            byte[] axfr = question(Type.AXFR);
            assertPlain(
                    Rcode.NOTAUTH,
                    ExtendedError.NOT_AUTHORITATIVE,
                    door.answer(request(axfr, Standing.NO_ZONE, Transport.TCP)));
            assertPlain(Rcode.REFUSED, ExtendedError.PROHIBITED_KEY, door.answer(axfr()));
            ControlRequest signed = request(axfr, Standing.SERVED, Transport.TCP, signature(axfr));
            assertPlain(Rcode.SERVFAIL, ExtendedError.NOT_READY, door.answer(signed));
            PrimarySamples.load(zones, 1, List.of());
            stream(door.answer(signed)).close();
            assertPlain(
                    Rcode.SERVFAIL,
                    ExtendedError.NOT_READY,
                    door.answer(
                            request(axfr, Standing.UNAVAILABLE, Transport.TCP, signature(axfr))));
            assertPlain(
                    Rcode.FORMERR,
                    null,
                    door.answer(request(question(Type.IXFR), Standing.SERVED, Transport.TCP)));
        }
        try (PrimaryZones zones = zones(access("192.0.3.0/24", null))) {
            assertPlain(
                    Rcode.REFUSED, ExtendedError.PROHIBITED_ADDRESS, door(zones).answer(axfr()));
        }
        try (PrimaryZones none = new PrimaryZones(List.of())) {
            assertPlain(Rcode.REFUSED, ExtendedError.PROHIBITED, door(none).answer(axfr()));
            assertEquals(1, none.counters().failed().get("refused"));
        }
    }

    @Test
    void case93OverTlsTheClientMustAskForDot() throws InterruptedException {
        TlsClient dot = new TlsClient(true, List.of());
        TlsClient silent = new TlsClient(false, List.of("ns2.example.org"));
        try (PrimaryZones zones = zones(ANYBODY)) {
            PrimarySamples.load(zones, 5, List.of());
            PrimaryDoor door = door(zones);
            for (byte[] question : List.of(question(Type.AXFR), ixfr(4), ixfr(5))) {
                assertPlain(
                        Rcode.REFUSED,
                        ExtendedError.PROHIBITED_PROTOCOL,
                        door.answer(secured(question, silent)));
                stream(door.answer(secured(question, dot))).close();
            }
            assertEquals(3, zones.counters().failed().get("refused"));
            assertEquals(0, door.running());
        }
    }

    @Test
    void case95AnAccessListThatWantsTlsIsSatisfiedByIt() throws InterruptedException {
        AccessRule rule = new AccessRule(List.of(AddressPrefix.of("192.0.2.0/24")), null, true);
        try (PrimaryZones zones = zones(new AccessList(List.of(rule)))) {
            PrimarySamples.load(zones, 5, List.of());
            PrimaryDoor door = door(zones);
            assertPlain(Rcode.REFUSED, ExtendedError.PROHIBITED_TRANSPORT, door.answer(axfr()));
            TlsClient dot = new TlsClient(true, List.of());
            stream(door.answer(secured(question(Type.AXFR), dot))).close();
        }
    }

    @Test
    void case95AnAccessListBindsTheNameOfACertificate() throws InterruptedException {
        AccessRule rule =
                new AccessRule(
                        List.of(AddressPrefix.of("192.0.2.0/24")), null, true, "ams.example.net");
        try (PrimaryZones zones = zones(new AccessList(List.of(rule)))) {
            PrimarySamples.load(zones, 5, List.of());
            PrimaryDoor door = door(zones);
            assertPlain(Rcode.REFUSED, ExtendedError.PROHIBITED_TRANSPORT, door.answer(axfr()));
            for (TlsClient wrong :
                    List.of(
                            new TlsClient(true, List.of()),
                            new TlsClient(true, List.of("fra.example.net")))) {
                assertPlain(
                        Rcode.REFUSED,
                        ExtendedError.PROHIBITED_CERTIFICATE,
                        door.answer(secured(question(Type.AXFR), wrong)));
            }
            TlsClient right = new TlsClient(true, List.of("ams.example.net"));
            stream(door.answer(secured(question(Type.AXFR), right))).close();
        }
    }

    @Test
    void case46OverUdpTheReplyIsOneMessage() throws InterruptedException {
        try (PrimaryZones zones = zones(ANYBODY)) {
            PrimarySamples.load(zones, 5, List.of());
            ControlReply reply =
                    door(zones).answer(request(ixfr(5), Standing.SERVED, Transport.UDP));
            byte[] message = assertInstanceOf(ControlReply.Octets.class, reply).message();
            assertEquals(1, CannedPrimary.parsed(message).answers().size());
            assertEquals(1, zones.counters().sent().get("soa"));
        }
    }

    @Test
    void case54RefusedPeersUseNoPlaceAndTooManyTransfersFailForNow() throws InterruptedException {
        try (PrimaryZones zones = zones(ANYBODY)) {
            PrimarySamples.load(zones, 1, List.of());
            PrimaryDoor door = door(zones);
            List<ResponseStream> running = new ArrayList<>();
            for (int i = 0; i < PrimaryDoor.TRANSFERS_MAX; i++) {
                running.add(stream(door.answer(axfr())));
            }
            assertEquals(PrimaryDoor.TRANSFERS_MAX, door.running());
            assertPlain(Rcode.SERVFAIL, ExtendedError.OTHER_BUSY, door.answer(axfr()));
            running.getFirst().close();
            running.getFirst().close();
            assertEquals(PrimaryDoor.TRANSFERS_MAX - 1, door.running());
            ResponseStream next = stream(door.answer(axfr()));
            assertNotNull(next.next(NOW));
            next.close();
            running.forEach(ResponseStream::close);
            assertEquals(0, door.running());
            assertEquals(1, zones.counters().failed().get("busy"));
            assertEquals(
                    (long) PrimaryDoor.TRANSFERS_MAX, zones.counters().failed().get("broken-off"));
        }
        try (PrimaryZones zones = zones(access("192.0.3.0/24", null))) {
            PrimaryDoor door = door(zones);
            for (int i = 0; i < 2 * PrimaryDoor.TRANSFERS_MAX; i++) {
                assertPlain(Rcode.REFUSED, ExtendedError.PROHIBITED_ADDRESS, door.answer(axfr()));
            }
            assertEquals(0, door.running());
        }
    }

    private static byte[] notify(long serial) {
        return NotifyMessage.request(7, CannedPrimary.soaRecord(serial));
    }

    @Test
    void case62And63NotifyIsHandedOnAndAnsweredAtOnce() {
        try (PrimaryZones zones = zones(ANYBODY)) {
            PrimaryDoor door = door(zones);
            byte[] message = notify(9);
            assertEquals(
                    new ControlReply.Plain(Rcode.NOERROR, null, true),
                    door.answer(
                            request(message, Standing.SERVED, Transport.UDP, signature(message))));
            assertEquals(
                    List.of("%s 192.0.2.7 k. %s".formatted(ZONE, OptionalInt.of(9))), notified);
            verdict = NotifyReceiver.Verdict.REFUSED;
            assertPlain(
                    Rcode.REFUSED,
                    ExtendedError.PROHIBITED,
                    door.answer(request(message, Standing.SERVED, Transport.UDP)));
            verdict = NotifyReceiver.Verdict.NOT_AUTHORITATIVE;
            assertPlain(
                    Rcode.NOTAUTH,
                    ExtendedError.PROHIBITED,
                    door.answer(request(message, Standing.NO_ZONE, Transport.UDP)));
            assertPlain(
                    Rcode.REFUSED,
                    ExtendedError.PROHIBITED,
                    door.answer(request(message, Standing.SERVED, Transport.UDP)));
            assertEquals(
                    Map.of("taken", 1L, "refused", 2L, "notauth", 1L, "formerr", 0L),
                    zones.counters().received());
        }
    }

    /// NSD's notify_fmt is the same.
    @Test
    void case67MalformedNotifyIsNotHandedOn() {
        byte[] good = notify(9);
        int question = Header.OCTETS + ZONE.length();
        byte[] otherType = good.clone();
        otherType[question + 1] = Type.A;
        byte[] otherClass = good.clone();
        otherClass[question + 3] = DClass.CH;
        byte[] noQuestion = Arrays.copyOf(good, Header.OCTETS);
        noQuestion[5] = 0;
        noQuestion[7] = 0;
        byte[] twoQuestions = good.clone();
        twoQuestions[5] = 2;
        byte[] rest = Arrays.copyOf(good, good.length + 1);
        List<byte[]> bad = new ArrayList<>(List.of(otherType, otherClass, noQuestion));
        bad.addAll(List.of(twoQuestions, rest));
        for (int length = Header.OCTETS; length < good.length; length++) {
            bad.add(Arrays.copyOf(good, length));
        }
        try (PrimaryZones zones = zones(ANYBODY)) {
            PrimaryDoor door = door(zones);
            for (byte[] message : bad) {
                assertPlain(
                        Rcode.FORMERR,
                        null,
                        door.answer(request(message, Standing.SERVED, Transport.UDP)));
            }
            assertTrue(notified.isEmpty());
            assertEquals((long) bad.size(), zones.counters().received().get("formerr"));
        }
    }

    /// NSD's notify_large: what stands behind the question is a hint, however much it is.
    @Test
    void case67ALargeNotifyIsANotify() {
        List<MessageRecord> records = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            records.add(CannedPrimary.record("n%d.example. A 192.0.2.1".formatted(i)));
        }
        records.add(CannedPrimary.record(CannedPrimary.soa(12)));
        byte[] message =
                CannedPrimary.message(
                        7,
                        Opcode.NOTIFY << Header.OPCODE_SHIFT | Header.AA,
                        new Question(ZONE, RecordType.SOA, RecordClass.IN),
                        records,
                        List.of());
        try (PrimaryZones zones = zones(ANYBODY)) {
            assertEquals(
                    new ControlReply.Plain(Rcode.NOERROR, null, true),
                    door(zones).answer(request(message, Standing.SERVED, Transport.TCP)));
            assertEquals(
                    List.of("%s 192.0.2.7 null %s".formatted(ZONE, OptionalInt.of(12))), notified);
        }
    }

    @Test
    void updateIsAnotherDoor() {
        try (PrimaryZones zones = zones(ANYBODY)) {
            byte[] update = notify(9);
            update[2] = 5 << 3;
            assertPlain(
                    Rcode.NOTAUTH,
                    ExtendedError.PROHIBITED,
                    door(zones).answer(request(update, Standing.NO_ZONE, Transport.UDP)));
        }
    }

    @Test
    void aZoneThatIsGoneHasNoData() throws InterruptedException {
        try (PrimaryZones zones = zones(ANYBODY)) {
            PrimarySamples.load(zones, 1, List.of());
            zones.removed(ZONE);
            zones.loaded(Name.of("other."), OutgoingSamples.records(1, List.of()));
            PrimarySamples.load(zones, 2, List.of());
            stream(door(zones).answer(axfr())).close();
        }
    }
}
