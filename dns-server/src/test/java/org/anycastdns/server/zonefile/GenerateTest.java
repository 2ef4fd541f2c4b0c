package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// $GENERATE makes the records that BIND makes; `GenerateIT` compares more with it.
class GenerateTest {

    private static ZoneFile read(String entries) {
        return ZoneFile.read(
                Texts.ORIGIN, "t.zone", _ -> new Source.Content.Text(TextForms.HEAD + entries));
    }

    private static void assertMeans(String plain, String entries) {
        ZoneFile file = read(entries);
        assertEquals("", Texts.problems(file));
        assertEquals(Texts.lines(read(plain).records()), Texts.lines(file.records()), entries);
    }

    private static String problems(String entries) {
        return Texts.problems(read(entries));
    }

    @Test
    void aRecordIsMadeForEachNumber() {
        assertMeans(
                "h008 A 192.0.2.8\nh010 A 192.0.2.10\nh012 A 192.0.2.12\n",
                "$GENERATE 8-12/2 h${0,3,d} A 192.0.2.$\n");
        assertMeans(
                "0.0 PTR host-00.example.\n1.0 PTR host-01.example.\n",
                "$generate 0-1 ${0,3,n} PTR host-${0,2,x}.example.\n");
    }

    @Test
    void timeToLiveAndClassComeInEitherOrderOrNotAtAll() {
        for (String both : List.of("60 IN", "IN 60", "60", "1m", "CLASS1 60")) {
            assertMeans("a1 60 A 192.0.2.1\n", "$GENERATE 1-1 a$ " + both + " A 192.0.2.$\n");
        }
        assertMeans("a1 A 192.0.2.1\n", "$GENERATE 1-1 a$ IN A 192.0.2.$\n");
    }

    @Test
    void anyTypeIsMade() {
        assertMeans("m1 MX 10 mail1.example.\n", "$GENERATE 1-1 m$ MX \"10 mail$.example.\"\n");
        assertMeans("s1 SRV 0 0 51 h1\n", "$GENERATE 1-1 s$ SRV \"0 0 5$ h$\"\n");
        assertMeans("t1 TYPE65280 \\# 1 01\n", "$GENERATE 1-1 t$ TYPE65280 \"\\# 1 0$\"\n");
        assertMeans("a1 A 192.0.2.1\n", "$GENERATE 1-1 a$ A \"\\# 4 c000020$\"\n");
        assertMeans("a1 A 192.0.2.1\n", "$GENERATE 1-1 a$ TYPE1 192.0.2.$\n");
        assertMeans(
                "c1 CAA 0 issue \"ca1.example\"\n",
                "$GENERATE 1-1 c$ CAA \"0 issue \\\"ca$.example\\\"\"\n");
    }

    @Test
    void theDataMayBeOneQuotedStringOrSeveralWords() {
        assertMeans("a1 TXT a \"b 1\"\n", "$GENERATE 1-1 a$ TXT \"a \\\"b $\\\"\"\n");
        assertMeans("a1 TXT a 1 b\n", "$GENERATE 1-1 a$ TXT \"a $ b\"\n");
        assertMeans("a1 TXT a\n", "$GENERATE 1-1 a$ TXT \"a;b $\"\n");
        assertMeans("a1 TXT a b1\n", "$GENERATE 1-1 a$ TXT \"( a b$ )\"\n");
        assertMeans("m1 MX 10 mail1\n", "$GENERATE 1-1 m$ MX 10 mail$\n");
        assertMeans("a1 TXT \"a 1\" \"b 1\"\n", "$GENERATE 1-1 a$ TXT \"a $\" \"b $\"\n");
        assertMeans("a1 TXT \"a 1\" b\n", "$GENERATE 1-1 a$ TXT ( \"a $\"\n b )\n");
    }

    @Test
    void dollarsAndEscapesStandForThemselves() {
        assertMeans("a\\036 A 192.0.2.1\n", "$GENERATE 1-1 a$$ A 192.0.2.$\n");
        assertMeans("a\\0361 A 192.0.2.1\n", "$GENERATE 1-1 a$$$ A 192.0.2.$\n");
        assertMeans("a\\036 A 192.0.2.1\n", "$GENERATE 1-1 a\\$ A 192.0.2.$\n");
        assertMeans("a1 TXT \\\\1 \\065\n", "$GENERATE 1-1 a$ TXT \"\\\\$ \\065\"\n");
        assertMeans("a\\.1 TXT {1} 1}\n", "$GENERATE 1-1 a\\.$ TXT \"{$} $}\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "1 ${0} 1",
                "1 ${0,5} 00001",
                "1 ${-2} -1",
                "1 ${-2,4,d} -001",
                "1 ${+2} 3",
                "1 ${010} 11",
                "10 ${0,0,o} 12",
                "10 ${0,5,o} 00012",
                "10 ${0,4,X} 000A",
                "1 ${-2,4,x} ffffffff",
                "1 ${-2,4,n} f.f.f.f.f.f.f.f",
                "15 ${0,0,n} f",
                "15 ${0,1,n} f",
                "15 ${0,2,n} f.",
                "15 ${0,3,n} f.0",
                "15 ${0,4,n} f.0.",
                "16 ${0,0,n} 0.1",
                "16 ${0,2,n} 0.1",
                "16 ${0,3,n} 0.1",
                "16 ${0,4,n} 0.1.",
                "254 ${0,7,N} E.F.0.0",
                "256 ${0,4,N} 0.0.1",
                "256 ${0,7,N} 0.0.1.0",
                "0 ${0,2,n} 0.",
                "4096 ${0,8,n} 0.0.0.1.",
                "2147483647 ${-1} 2147483646",
            })
    void aNumberHasAnOffsetAWidthAndABase(int number, String template, String text) {
        assertEquals(text, new GenerateTemplate(template).expand(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${",
                "${}",
                "${abc}",
                "${0,2,}",
                "${0,,d}",
                "${,2,d}",
                "${0,-2,d}",
                "${0,2,z}",
                "${0,2,dd}",
                "${0,2,d",
                "${0x10}",
                "${2147483648}",
                "${0,128}",
                "${0,99999999999}",
                "${99999999999999999999}",
            })
    void aTemplateThatIsNoneIsReportedOnceAtItsPlace(String template) {
        assertTrue(
                problems("$GENERATE 0-65535 a" + template + " A 192.0.2.1\n")
                        .matches("t.zone:4:19: error: \\$GENERATE: .*"),
                template);
        assertTrue(
                problems("$GENERATE 0-65535 a$ TXT " + template + "\n")
                        .matches("t.zone:4:26: error: \\$GENERATE: .*"),
                template);
    }

    @Test
    void whatIsWrongWithARecordIsReportedOnceWithItsNumber() {
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 256: A address: expected an IPv4 address such as"
                        + " 192.0.2.1, not '192.0.2.256'",
                problems("$GENERATE 255-65000 a$ A 192.0.2.$\n"));
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 1: empty label in 'a1..b'",
                problems("$GENERATE 1-9 a$..b A 192.0.2.1\n"));
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 2147483647: 2147483647 plus the offset 1 does not"
                        + " fit into 32 bits",
                problems("$GENERATE 2147483646-2147483647 a$ TXT ${1}\n"));
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 1: this '(' is never closed",
                problems("$GENERATE 1-9 a$ TXT \"a ( b\"\n"));
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 1: the template makes more than one line",
                problems("$GENERATE 1-9 a$ TXT ( \"a\nb A 192.0.2.1\" )\n"));
    }

    @Test
    void whatIsWrongWithTheDirectiveIsReportedAtItsPlace() {
        assertEquals(
                "t.zone:4:22: error: class 'CH' is not served, only IN",
                problems("$GENERATE 1-65535 a$ CH A 192.0.2.$\n"));
        assertEquals(
                "t.zone:4:18: error: type OPT is only for messages, never in a zone",
                problems("$GENERATE 1-2 a$ OPT x\n"));
        assertEquals(
                "t.zone:4:15: error: write the owner's template without quotes",
                problems("$GENERATE 1-2 \"a$\" A 192.0.2.$\n"));
        for (String range :
                List.of("3-1", "1", "1-3/0", "-1-3", "1-3/-1", "0x1-0x3", "1-3x", "0-2147483648")) {
            assertEquals(
                    "t.zone:4:11: error: '%s' is not a range: write FIRST-LAST or FIRST-LAST/STEP"
                                    .formatted(range)
                            + " with numbers up to 2147483647",
                    problems("$GENERATE %s a$ A 192.0.2.1\n".formatted(range)));
        }
    }

    @Test
    void whatHasNoOwnerAfterItBelongsToTheOwnerBeforeIt() {
        assertMeans(
                "o A 192.0.2.1\na1 A 192.0.2.1\no TXT after\na1 TXT x\n",
                "o A 192.0.2.1\n$GENERATE 1-1 a$ A 192.0.2.$\n TXT after\na1 TXT x\n");
    }

    @Test
    void allLinesOfAZoneMakeNoMoreThanTheLimit() {
        String line = "$GENERATE 1-40000 %s$ A 192.0.2.1\n";
        assertEquals(
                "t.zone:5:11: error: the range makes 40000 records, but $GENERATE may make 65536"
                        + " in a zone, of which 25536 are left",
                problems(line.formatted("a") + line.formatted("b")));
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 8322: $GENERATE may make at most 16777216 octets"
                        + " of text in a zone",
                problems("$GENERATE 0-65535 a$ TXT " + "\"" + "x ".repeat(1_003) + "\"\n"));
        assertEquals(
                "t.zone:4:1: error: $GENERATE for 1: the text made from the template is longer"
                        + " than 2048 octets",
                problems("$GENERATE 1-9 a$ TXT " + "x".repeat(2_049) + "\n"));
    }

    @Test
    void anIncludedFileMayHoldIt() {
        ZoneFile file =
                ZoneFile.read(
                        Texts.ORIGIN,
                        "t.zone",
                        Texts.source(
                                Map.of(
                                        "t.zone",
                                        TextForms.HEAD + "$INCLUDE example.com/i sub\n",
                                        "example.com/i",
                                        "$GENERATE 1-2 a$ CNAME b$\n")));
        assertEquals("", Texts.problems(file));
        assertEquals(4, file.records().size());
        assertEquals("a2.sub.example.com.", file.records().getLast().owner().toString());
    }
}
