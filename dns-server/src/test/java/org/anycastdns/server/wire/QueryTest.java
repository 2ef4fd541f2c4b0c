package org.anycastdns.server.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.anycastdns.server.wire.Query.Verdict;
import org.junit.jupiter.api.Test;

/// What each kind of broken or unusual request deserves (answers.md section 3c).
class QueryTest {

    private static final String HEADER = "1234 0100 0001 0000 0000 0000";
    private static final String QUESTION = "01 61 00 0001 0001";
    private static final String OPT = "00 0029 1000 00 00 8000 0000";

    private final Query query = new Query();

    private Verdict parse(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        return query.parse(MemorySegment.ofArray(octets), octets.length);
    }

    private void rejects(int rcode, String hex) {
        assertEquals(Verdict.REJECT, parse(hex), hex);
        assertEquals(rcode, query.rcode(), hex);
    }

    @Test
    void plainQueryIsAnswered() {
        assertEquals(Verdict.ANSWER, parse(HEADER + QUESTION));
        assertEquals("a.", query.name().toString());
        assertEquals(RecordType.A, query.type());
        assertEquals(512, query.udpSize());
        assertFalse(query.edns());
    }

    @Test
    void ednsFieldsAreRead() {
        assertEquals(
                Verdict.ANSWER,
                parse(
                        "1234 0100 0001 0000 0000 0001"
                                + QUESTION
                                + "00 0029 04d0 00 00 8000 0004 0003 0000"));
        assertTrue(query.edns());
        assertTrue(query.dnssecOk());
        assertTrue(query.nsid());
        assertEquals(1232, query.udpSize());
    }

    @Test
    void payloadSizeBelow512CountsAs512() {
        assertEquals(
                Verdict.ANSWER,
                parse("1234 0100 0001 0000 0000 0001" + QUESTION + "00 0029 0001 00 00 0000 0000"));
        assertEquals(512, query.udpSize());
    }

    @Test
    void responsesAndStumpsAreDropped() {
        assertEquals(Verdict.DROP, parse("1234 8100 0001 0000 0000 0000" + QUESTION));
        assertEquals(Verdict.DROP, parse("1234 0100 0001 0000 0000 00"));
        assertEquals(Verdict.DROP, parse(""));
    }

    @Test
    void unparsableQuestionsAreFormatErrors() {
        rejects(Rcode.FORMERR, HEADER);
        rejects(Rcode.FORMERR, HEADER + "01 61 00 0001 00");
        rejects(Rcode.FORMERR, HEADER + "c00c 0001 0001");
        rejects(Rcode.FORMERR, HEADER + "41 61 00 0001 0001");
        rejects(Rcode.FORMERR, HEADER + "3f 61 00 0001 0001");
        rejects(Rcode.FORMERR, HEADER + ("3f" + "61".repeat(63)).repeat(4) + "00 0001 0001");
        assertFalse(query.hasQuestion());
        rejects(Rcode.FORMERR, "1234 0100 0002 0000 0000 0000" + QUESTION + QUESTION);
    }

    @Test
    void malformedOptIsAFormatError() {
        String one = "1234 0100 0001 0000 0000 0001" + QUESTION;
        rejects(Rcode.FORMERR, one + "01 61 00 0029 1000 00 00 0000 0000");
        rejects(Rcode.FORMERR, one + "00 0029 1000 00 00 0000 0004 0003 0001");
        rejects(Rcode.FORMERR, one + "00 0029 1000 00 00 0000 0004");
        rejects(Rcode.FORMERR, "1234 0100 0001 0000 0000 0002" + QUESTION + OPT + OPT);
        rejects(Rcode.FORMERR, "1234 0100 0001 0001 0000 0000" + QUESTION + OPT);
    }

    @Test
    void laterEdnsVersionsAreRefusedByNumber() {
        rejects(
                Rcode.BADVERS,
                "1234 0100 0001 0000 0000 0001" + QUESTION + "00 0029 1000 00 01 0000 0000");
        assertTrue(query.edns());
    }

    @Test
    void unknownOpcodesAreNotImplemented() {
        for (String flags : new String[] {"0800", "1000", "3000", "7800"}) {
            rejects(Rcode.NOTIMP, "1234 " + flags + " 0001 0000 0000 0000" + QUESTION);
        }
    }

    @Test
    void trailingOctetsAndForeignRecordsAreIgnored() {
        assertEquals(Verdict.ANSWER, parse(HEADER + QUESTION));
        assertFalse(query.hasTrailingOctets());
        assertEquals(Verdict.ANSWER, parse(HEADER + QUESTION + "ffffff"));
        assertTrue(query.hasTrailingOctets());
        assertEquals(
                Verdict.ANSWER,
                parse(
                        "1234 0105 0001 0001 0000 0000"
                                + QUESTION
                                + "c00c 0001 0001 00000000 0004 01020304"));
    }

    @Test
    void moreRecordsThanAnyQueryHasAreAFormatError() {
        rejects(Rcode.FORMERR, "1234 0100 0001 0000 0000 ffff" + QUESTION);
    }
}
