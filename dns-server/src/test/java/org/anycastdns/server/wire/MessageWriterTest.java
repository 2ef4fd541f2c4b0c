package org.anycastdns.server.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.anycastdns.server.rdata.RdataNames;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// RFC 1035 section 4.1.4 and the writer's contract: what does not fit leaves no trace.
class MessageWriterTest {

    private static final int QUESTION_END = 12 + 13 + 4;

    private final MemorySegment response = MemorySegment.ofArray(new byte[70_000]);
    private final MessageWriter writer = new MessageWriter();
    private final Query query = new Query();

    @BeforeEach
    void askForMixedCaseName() throws TextParseException {
        byte[] request =
                Message.newQuery(
                                Record.newRecord(
                                        new org.xbill.DNS.Name("ExAmPlE.cOm."), Type.A, DClass.IN))
                        .toWire();
        assertEquals(
                Query.Verdict.ANSWER, query.parse(MemorySegment.ofArray(request), request.length));
    }

    private byte[] octets(int from, int to) {
        return response.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    private boolean record(String owner, int type, byte[] rdata) {
        byte[] wire = Name.of(owner).wire();
        return writer.record(
                wire,
                wire.length,
                type,
                300,
                rdata,
                RdataNames.compressibleOffset(type),
                RdataNames.compressible(type));
    }

    private static byte[] name(String text) {
        return Name.of(text).wire();
    }

    @Test
    void ownerPointsAtTheQuestionWhateverItsCase() {
        writer.begin(query, response, 512, 0);
        writer.context(query.name(), Name.OCTETS_MAX);
        assertTrue(record("example.com.", RecordType.A, new byte[] {1, 2, 3, 4}));
        assertEquals(
                "c00c000100010000012c000401020304",
                HexFormat.of().formatHex(octets(QUESTION_END, writer.position())));
    }

    @Test
    void namesInRdataOfRfc1035TypesAreCompressedOthersAreNot() {
        writer.begin(query, response, 512, 0);
        writer.context(query.name(), Name.OCTETS_MAX);
        int start = writer.position();
        assertTrue(record("example.com.", RecordType.NS, name("ns.example.com.")));
        assertEquals(2 + 10 + 3 + 2, writer.position() - start, "NS target ends in a pointer");
        start = writer.position();
        assertTrue(record("example.com.", RecordType.DNAME, name("ns.example.com.")));
        assertEquals(2 + 10 + 16, writer.position() - start, "DNAME target is whole (RFC 3597)");
    }

    @Test
    void everyNameReadsBackThroughAnotherDecoder() throws IOException {
        writer.begin(query, response, 4096, 0);
        writer.context(query.name(), Name.OCTETS_MAX);
        String[] targets = {
            "a.example.com.", "b.a.example.com.", "com.", "x.net.", "y.x.net.", "."
        };
        for (String target : targets) {
            assertTrue(record("Sub." + "example.com.", RecordType.NS, name(target)));
        }
        writer.addAnswers(targets.length);
        int length = writer.finish(query, Rcode.NOERROR, true, false);
        Message message = new Message(octets(0, length));
        assertEquals("ExAmPlE.cOm.", message.getQuestion().getName().toString());
        for (int i = 0; i < targets.length; i++) {
            String decoded = message.getSection(Section.ANSWER).get(i).rdataToString();
            assertEquals(Name.of(targets[i]), Name.of(decoded));
        }
    }

    @Test
    void recordThatDoesNotFitLeavesNoTrace() {
        int room = QUESTION_END + 16 + 5;
        writer.begin(query, response, room, 0);
        writer.context(query.name(), Name.OCTETS_MAX);
        assertTrue(record("example.com.", RecordType.A, new byte[4]));
        int position = writer.position();
        int targets = writer.targets();
        assertFalse(record("other.example.net.", RecordType.A, new byte[4]));
        assertEquals(position, writer.position());
        assertEquals(targets, writer.targets());
    }

    @Test
    void optAlwaysFitsIntoItsReserve() throws IOException {
        byte[] nsid = {'p', 'o', 'p'};
        ResponseOptions options = new ResponseOptions();
        options.begin(512);
        options.nsid(nsid);
        options.extendedError(ExtendedError.NOT_AUTHORITATIVE);
        int reserve = options.recordOctets();
        writer.begin(query, response, QUESTION_END + 16 + reserve, reserve);
        writer.context(query.name(), Name.OCTETS_MAX);
        assertTrue(record("example.com.", RecordType.A, new byte[4]));
        assertFalse(record("example.com.", RecordType.A, new byte[4]));
        writer.addAnswers(1);
        writer.opt(Rcode.BADVERS, true, options);
        int length = writer.finish(query, Rcode.BADVERS, false, false);
        assertEquals(QUESTION_END + 16 + reserve, length);
        Message message = new Message(octets(0, length));
        assertEquals(Rcode.BADVERS, message.getRcode());
        assertEquals(2, message.getOPT().getOptions().size());
    }

    /// Offsets from 16384 on cannot be pointed at (14 bits).
    @Test
    void namesFarBackAreWrittenOutAgain() throws IOException {
        writer.begin(query, response, 65_535, 0);
        writer.context(query.name(), Name.OCTETS_MAX);
        int count = 0;
        while (writer.position() < 0x4000 + 100) {
            assertTrue(record("example.com.", RecordType.TXT, new byte[200]));
            count++;
        }
        assertTrue(record("far.example.org.", RecordType.NS, name("far.example.org.")));
        int start = writer.position();
        assertTrue(record("far.example.org.", RecordType.A, new byte[4]));
        assertEquals(17 + 14, writer.position() - start, "owner is spelled out");
        writer.addAnswers(count + 2);
        int length = writer.finish(query, Rcode.NOERROR, true, false);
        assertEquals(
                "far.example.org.",
                new Message(octets(0, length))
                        .getSection(Section.ANSWER)
                        .getLast()
                        .getName()
                        .toString());
    }
}
