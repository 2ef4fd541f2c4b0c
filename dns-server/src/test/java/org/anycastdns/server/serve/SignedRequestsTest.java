package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// Requests with TSIG on the way of any request (cases 68 to 78), with dnsjava as the client.
class SignedRequestsTest {

    private static final long NOW = 1_790_000_000;
    private static final byte[] SECRET = "a secret of some octets".getBytes(StandardCharsets.UTF_8);

    private final TsigKeys keys =
            new TsigKeys(
                    List.of(
                            new TsigKey(
                                    org.anycastdns.server.wire.Name.of("k.example."),
                                    TsigAlgorithm.HMAC_SHA256,
                                    SECRET)));
    private final Responder responder =
            new Responder(
                    SampleZone.zones(),
                    SampleZone.IDENTITY,
                    SampleZone.SECRETS,
                    keys,
                    ControlDoor.CLOSED);
    private final MemorySegment response = Arena.ofAuto().allocate(65_535);
    private final Client client = new Client().udp().ipv4(0xc0000201).at(NOW);

    private static TSIG tsig(String key, byte[] secret, long now) {
        return new TSIG(
                TSIG.HMAC_SHA256,
                Name.fromConstantString(key),
                new SecretKeySpec(secret, "HmacSHA256"),
                Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC));
    }

    private static final TSIG GOOD = tsig("k.example.", SECRET, NOW);

    private static Message query(String name, int type) {
        return Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
    }

    private static byte[] signed(TSIG by, Message message) {
        message.setTSIG(by, Rcode.NOERROR, null);
        return message.toWire(65_535);
    }

    private static byte[] twice(byte[] signed) throws IOException {
        Message two = new Message(signed);
        two.addRecord(two.getTSIG(), Section.ADDITIONAL);
        return two.toWire();
    }

    private byte[] respond(byte[] request) {
        int length =
                responder.respond(MemorySegment.ofArray(request), request.length, response, client);
        return response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private Message verified(byte[] request) throws IOException {
        byte[] octets = respond(request);
        Message message = new Message(octets);
        assertEquals(
                Rcode.NOERROR,
                GOOD.verify(message, octets, new Message(request).getTSIG(), true),
                message::toString);
        return message;
    }

    private static void assertRefused(Message message, int error) {
        assertEquals(Rcode.NOTAUTH, message.getHeader().getRcode(), message::toString);
        assertNotNull(message.getTSIG(), message::toString);
        assertEquals(error, message.getTSIG().getError());
        assertEquals(List.of(), message.getSection(Section.ANSWER));
    }

    @Test
    void theResponseToASignedQueryIsSigned() throws IOException {
        for (boolean tcp : new boolean[] {false, true}) {
            var _ = tcp ? client.tcp(100) : client.udp();
            Message message = verified(signed(GOOD, query("www.example.", Type.A)));
            assertEquals("192.0.2.80", message.getSection(Section.ANSWER).get(0).rdataToString());
            assertTrue(message.getHeader().getFlag(Flags.AA));
            assertEquals(
                    Rcode.NXDOMAIN,
                    verified(signed(GOOD, query("no.example.", Type.A))).getHeader().getRcode());
            assertEquals(
                    Rcode.REFUSED,
                    verified(signed(GOOD, query("a.test.", Type.A))).getHeader().getRcode());
        }
    }

    @Test
    void aSignedQueryAskedAgainIsSignedAnew() throws IOException {
        byte[] first = signed(GOOD, query("www.example.", Type.A));
        for (int i = 0; i < 4; i++) {
            client.at(NOW + i);
            byte[] octets = respond(first);
            assertFalse(responder.exchange().isCacheHit());
            assertEquals(NOW + i, new Message(octets).getTSIG().getTimeSigned().getEpochSecond());
        }
        Message plain = new Message(respond(query("www.example.", Type.A).toWire()));
        assertNull(plain.getTSIG());
    }

    @Test
    void everyResultIsCounted() throws IOException {
        Message query = query("www.example.", Type.A);
        respond(query.toWire());
        assertCounts(List.of(0L, 0L, 0L, 0L, 0L, 0L));
        byte[] good = signed(GOOD, query);
        respond(good);
        respond(good);
        respond(signed(tsig("other.", SECRET, NOW), query));
        respond(signed(tsig("k.example.", new byte[] {1}, NOW), query));
        respond(signed(tsig("k.example.", SECRET, NOW - 1_000), query));
        respond(twice(good));
        assertCounts(List.of(2L, 1L, 1L, 1L, 1L, 0L));
    }

    private void assertCounts(List<Long> expected) {
        assertEquals(
                expected,
                IntStream.range(0, WorkerCounters.SIGNATURES.size())
                        .mapToObj(responder.counters()::signatureCount)
                        .toList());
    }

    /// Case 70.
    @Test
    void anUnknownKeyIsRefusedOnAnyMessage() throws IOException {
        TSIG unknown = tsig("other.", SECRET, NOW);
        assertRefused(new Message(respond(signed(unknown, query("www.example.", Type.A)))), 17);
        Message notify = query("example.", Type.SOA);
        notify.getHeader().setOpcode(Opcode.NOTIFY);
        assertRefused(new Message(respond(signed(unknown, notify))), 17);
        Message update = query("example.", Type.SOA);
        update.getHeader().setOpcode(Opcode.UPDATE);
        for (int i = 0; i < 40; i++) {
            update.addRecord(
                    Record.newRecord(
                            Name.fromConstantString("n" + i + ".example."), Type.A, DClass.ANY),
                    Section.AUTHORITY);
        }
        assertRefused(new Message(respond(signed(unknown, update))), 17);
        assertEquals(Rcode.REFUSED, verified(signed(GOOD, update)).getHeader().getRcode());
    }

    /// Cases 71 and 72.
    @Test
    void aWrongSecretOrTimeIsRefused() throws IOException {
        byte[] wrong = signed(tsig("k.example.", new byte[] {1}, NOW), query("example.", Type.NS));
        assertRefused(new Message(respond(wrong)), 16);
        TSIG late = tsig("k.example.", SECRET, NOW - 1_000);
        Message query = query("example.", Type.NS);
        query.addRecord(new OPTRecord(1_232, 0, 0), Section.ADDITIONAL);
        byte[] request = signed(late, query);
        Message message = new Message(respond(request));
        assertRefused(message, 18);
        assertNotNull(message.getOPT());
        assertEquals(NOW - 1_000, message.getTSIG().getTimeSigned().getEpochSecond());
    }

    /// Case 68.
    @Test
    void aTsigRecordThatIsNotTheLastIsAFormatError() throws IOException {
        Message message = new Message(respond(twice(signed(GOOD, query("example.", Type.NS)))));
        assertEquals(Rcode.FORMERR, message.getHeader().getRcode());
        assertNull(message.getTSIG());
    }

    /// Case 78.
    @Test
    void roomForTheSignatureIsReserved() throws IOException {
        byte[] request = signed(GOOD, query("large.example.", Type.TXT));
        Message message = verified(request);
        assertTrue(message.getHeader().getFlag(Flags.TC));
        assertEquals(List.of(), message.getSection(Section.ANSWER));
        for (int size : new int[] {512, 1_232}) {
            Message query = query("example.", Type.MX);
            query.addRecord(new OPTRecord(size, 0, 0), Section.ADDITIONAL);
            assertTrue(respond(signed(GOOD, query)).length <= size);
        }
        String label = "x".repeat(63);
        String longest = "%s.%s.%s.%s.".formatted(label, label, label, "x".repeat(61));
        byte[] noRoom = signed(tsig(longest, SECRET, NOW), query(longest, Type.A));
        Message plain = new Message(respond(noRoom));
        assertEquals(Rcode.NOTAUTH, plain.getHeader().getRcode());
        assertNull(plain.getTSIG());
    }
}
