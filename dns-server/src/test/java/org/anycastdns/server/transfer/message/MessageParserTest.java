package org.anycastdns.server.transfer.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Whole messages, with dnsjava as the other side.
class MessageParserTest {

    private static final int MUTATIONS = 20_000;

    private static final List<String> RECORDS =
            List.of(
                    "example. SOA ns1.example. admin.example. 7 3600 600 86400 300",
                    "example. NS ns1.example.",
                    "example. MX 10 mail.example.",
                    "example. TXT \"a\" \"\" \"c\"",
                    "ns1.example. A 192.0.2.1",
                    "ns1.example. AAAA 2001:db8::1",
                    "_sip._udp.example. SRV 1 2 5060 www.example.",
                    "n.example. NAPTR 1 2 \"s\" \"x\" \"\" www.example.",
                    "x.example. RP a.example. b.example.",
                    "s.example. HTTPS 1 www.example. alpn=h2",
                    "t.example. TYPE65280 \\# 3 010203",
                    "d.example. RRSIG A 13 2 300 20300101000000 20200101000000 1 example. AAAA");

    private static Message message() throws IOException {
        Message message = new Message(0x1234);
        message.addRecord(
                Record.newRecord(name("www.example."), Type.IXFR, DClass.IN), Section.QUESTION);
        for (int i = 0; i < RECORDS.size(); i++) {
            String[] text = RECORDS.get(i).split(" ", 3);
            Record record =
                    Record.fromString(
                            name(text[0]),
                            Type.value(text[1]),
                            DClass.IN,
                            300,
                            text[2],
                            org.xbill.DNS.Name.root);
            message.addRecord(record, i < 8 ? Section.ANSWER : Section.AUTHORITY);
        }
        message.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        return message;
    }

    private static org.xbill.DNS.Name name(String text) {
        return org.xbill.DNS.Name.fromConstantString(text);
    }

    private static WholeMessage sound(byte[] octets) {
        ParsedMessage parsed = MessageParser.parse(octets);
        return assertInstanceOf(ParsedMessage.Sound.class, parsed, parsed::toString).message();
    }

    private static void assertMalformed(String reason, String hex) {
        byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        ParsedMessage parsed = MessageParser.parse(octets);
        String text = assertInstanceOf(ParsedMessage.Malformed.class, parsed).reason();
        assertTrue(text.contains(reason), text);
    }

    static byte[] encoded(WholeMessage message) {
        MessageEncoder encoder = new MessageEncoder(0xffff);
        encoder.begin(message.id(), message.flags(), 0);
        message.questions().forEach(each -> assertTrue(encoder.question(each)));
        message.answers().forEach(each -> assertTrue(encoder.record(MessageSection.ANSWER, each)));
        message.authorities()
                .forEach(each -> assertTrue(encoder.record(MessageSection.AUTHORITY, each)));
        message.additionals()
                .forEach(each -> assertTrue(encoder.record(MessageSection.ADDITIONAL, each)));
        return encoder.message();
    }

    @Test
    void aMessageOfDnsjavaIsRead() throws IOException {
        Message theirs = message();
        WholeMessage ours = sound(theirs.toWire());
        assertEquals(0x1234, ours.id());
        assertEquals(
                List.of(new Question(Name.of("www.example."), RecordType.IXFR, RecordClass.IN)),
                ours.questions());
        List<Record> records = theirs.getSection(Section.ANSWER);
        assertEquals(records.size(), ours.answers().size());
        for (int i = 0; i < records.size(); i++) {
            MessageRecord record = ours.answers().get(i);
            assertEquals(records.get(i).getName().toString(), record.owner().toString());
            assertEquals(records.get(i).getType(), record.type());
            assertEquals(300, record.ttlSeconds());
            assertEquals(
                    records.get(i),
                    Record.newRecord(
                            records.get(i).getName(),
                            record.type(),
                            DClass.IN,
                            300,
                            record.rdata()));
        }
        assertEquals(4, ours.authorities().size());
        assertTrue(ours.opt() != null);
        assertFalse(ours.isResponse());
    }

    @Test
    void whatIsWrittenIsReadByDnsjavaAndByUs() throws IOException {
        WholeMessage ours = sound(message().toWire());
        byte[] octets = encoded(ours);
        assertEquals(ours, sound(octets));
        assertEquals(text(message().toWire()), text(octets));
        assertTrue(octets.length < encodedWithoutCompression(ours), "names are compressed");
    }

    private static String text(byte[] octets) throws IOException {
        return new Message(octets)
                .toString()
                .replaceAll("Message size.*", "")
                .toLowerCase(java.util.Locale.ROOT);
    }

    private static int encodedWithoutCompression(WholeMessage message) {
        int octets = Header.OCTETS + 17;
        for (List<MessageRecord> section :
                List.of(message.answers(), message.authorities(), message.additionals())) {
            for (MessageRecord record : section) {
                octets += record.owner().length() + 10 + record.rdata().length;
            }
        }
        return octets;
    }

    /// Case 51: a name in another spelling is not replaced.
    @Test
    void spellingIsKept() {
        MessageEncoder encoder = new MessageEncoder(512);
        encoder.begin(1, Header.QR, 0);
        for (String owner : List.of("a.Example.", "b.example.", "c.Example.", "a.Example.")) {
            assertTrue(
                    encoder.record(
                            MessageSection.ANSWER,
                            new MessageRecord(
                                    Name.of(owner), RecordType.A, RecordClass.IN, 1, new byte[4])));
        }
        byte[] octets = encoder.message();
        assertEquals(
                List.of("a.Example.", "b.example.", "c.Example.", "a.Example."),
                sound(octets).answers().stream().map(each -> each.owner().toString()).toList());
        // Only the third and the fourth owner have pointers.
        assertEquals(Header.OCTETS + 11 + 11 + 4 + 2 + 4 * 14, octets.length);
    }

    @Test
    void aRecordThatDoesNotFitLeavesNothing() {
        MessageEncoder encoder = new MessageEncoder(60);
        encoder.begin(1, Header.QR, 11);
        MessageRecord record =
                new MessageRecord(Name.of("a.b."), RecordType.A, RecordClass.IN, 1, new byte[4]);
        assertTrue(encoder.record(MessageSection.ANSWER, record));
        int length = encoder.length();
        assertFalse(
                encoder.record(
                        MessageSection.ANSWER,
                        new MessageRecord(
                                Name.of("c.d."), RecordType.TXT, RecordClass.IN, 1, new byte[9])));
        assertEquals(length, encoder.length());
        MessageRecord opt = new MessageRecord(Name.ROOT, RecordType.OPT, 1232, 0, new byte[0]);
        assertFalse(encoder.record(MessageSection.ANSWER, record));
        assertTrue(encoder.reserved(opt));
        assertEquals(List.of(record), sound(encoder.message()).answers());
        assertEquals(List.of(opt), sound(encoder.message()).additionals());
    }

    /// Case 33: a pointer leads backwards, within its message and behind the header.
    @Test
    void pointersStayWithinAMessage() {
        String header = "0001 8000 0000 0001 0000 0000";
        assertMalformed("owner name", header + "c00c 0001 0001 00000000 0004 01020304");
        assertMalformed("owner name", header + "c020 0001 0001 00000000 0004 01020304");
        assertMalformed("owner name", header + "c000 0001 0001 00000000 0004 01020304");
        assertMalformed("owner name", header + "ffff 0001 0001 00000000 0004 01020304");
        assertMalformed("owner name", header + "0161 c00c 0001 0001 00000000 0004 01020304");
        assertMalformed("host: the name", header + "00 0002 0001 00000000 0002 c030");
        assertMalformed("owner name", header + "40 0001 0001 00000000 0004 01020304");
    }

    @Test
    void whatIsCutOffOrLeftOverIsMalformed() {
        assertMalformed("less than a header", "0001 8000 0000");
        assertMalformed("question is cut off", "0001 0000 0001 0000 0000 0000 00 0001 00");
        assertMalformed("is cut off", "0001 0000 0000 0001 0000 0000 00 0001 0001 00");
        assertMalformed("owner name", "0001 0000 0000 0001 0000 0000");
        assertMalformed("follow", "0001 0000 0000 0000 0000 0000 00");
        assertMalformed(
                "A: address", "0001 0000 0000 0001 0000 0000 00 0001 0001 00000000 0003 010203");
        assertMalformed(
                "left over", "0001 0000 0000 0001 0000 0000 00 0001 0001 00000000 0005 0102030405");
    }

    /// RFC 2136 section 2.4: class ANY has no data.
    @Test
    void theFormsOfAnUpdateAreRead() {
        byte[] octets =
                HexFormat.of()
                        .parseHex(
                                ("0001 2800 0000 0001 0001 0000 00 0001 00ff 00000000 0000"
                                                + " 00 0001 00fe 00000000 0004 01020304")
                                        .replace(" ", ""));
        WholeMessage update = sound(octets);
        assertEquals(5, update.opcode());
        assertEquals(0, update.answers().getFirst().rdata().length);
        assertArrayEquals(new byte[] {1, 2, 3, 4}, update.authorities().getFirst().rdata());
    }

    @Test
    void anExtendedRcodeAndOptionsAreRead() {
        byte[] octets =
                HexFormat.of()
                        .parseHex(
                                "000180090000000000000001"
                                        + "00002904d001000000000800090004000000ff");
        WholeMessage message = sound(octets);
        assertEquals(25, message.rcode());
        assertArrayEquals(new byte[] {0, 0, 0, (byte) 0xff}, message.option(9));
        assertEquals(null, message.option(10));
    }

    /// Any octets give a value, and what is read can be written and read again.
    @Test
    void mutatedMessagesNeverThrow() throws IOException {
        long seed = Long.getLong("anycastdns.messages.seed", 20261201);
        Random random = new Random(seed);
        byte[] whole = message().toWire();
        int sound = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] octets = MessageMutations.mutated(whole, random);
            try {
                if (MessageParser.parse(octets) instanceof ParsedMessage.Sound(var message)) {
                    sound++;
                    assertEquals(message, sound(encoded(message)));
                }
            } catch (RuntimeException | AssertionError fault) {
                throw new AssertionError("seed %d, round %d".formatted(seed, i), fault);
            }
        }
        assertTrue(sound > MUTATIONS / 20 && sound < MUTATIONS, sound + " are sound");
    }
}
