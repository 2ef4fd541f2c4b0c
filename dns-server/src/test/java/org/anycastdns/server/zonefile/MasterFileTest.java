package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.problem.Problem;
import org.anycastdns.server.zonefile.problem.Problems;
import org.junit.jupiter.api.Test;

/// The text form of RFC 1035 section 5, entry by entry.
class MasterFileTest {

    private static final String HEAD =
            """
            $TTL 3600
            @ SOA ns1 hostmaster 1 2 3 4 5
            @ NS ns.example.net.
            """;

    private static final int HEAD_RECORDS = 2;

    /// The records after the head as "owner ttl type-number", when there are no problems.
    private static List<String> records(String entries) {
        ZoneFile file = Texts.read(HEAD + entries);
        assertEquals("", Texts.problems(file));
        return file.records().stream()
                .skip(HEAD_RECORDS)
                .map(record -> record.owner() + " " + record.ttlSeconds() + " " + record.type())
                .toList();
    }

    private static byte[] rdata(String entry) {
        ZoneFile file = Texts.read(HEAD + entry);
        // An NSEC record in an unsigned zone is no more than data.
        assertEquals(
                List.of(),
                file.problems().stream()
                        .map(Problem::toString)
                        .filter(problem -> !problem.contains("served as an unsigned one"))
                        .toList());
        return file.records().getLast().rdata();
    }

    @Test
    void timeToLiveAndClassComeInEitherOrderOrNotAtAll() {
        assertEquals(
                List.of(
                        "a.example.com. 60 1",
                        "b.example.com. 60 1",
                        "c.example.com. 60 1",
                        "d.example.com. 3600 1",
                        "e.example.com. 3600 1",
                        "f.example.com. 5400 1"),
                records(
                        """
                        a 60 IN A 192.0.2.1
                        b IN 60 A 192.0.2.1
                        c 60 A 192.0.2.1
                        d in a 192.0.2.1
                        e A 192.0.2.1
                        f CLASS1 1h30M A 192.0.2.1
                        """));
    }

    @Test
    void aBlankOwnerIsTheLastOneAndRelativeNamesAreBelowTheOrigin() {
        assertEquals(
                List.of(
                        "a.example.com. 3600 1",
                        "a.example.com. 3600 28",
                        "example.com. 3600 1",
                        "b.sub.example.com. 3600 1",
                        "sub.example.com. 3600 1",
                        "c.example.com. 3600 1"),
                records(
                        """
                        a A 192.0.2.1
                        \tAAAA 2001:db8::1

                        ; a comment does not matter
                          ; nor does this one
                        @ A 192.0.2.1
                        $ORIGIN sub
                        b A 192.0.2.1
                        @ A 192.0.2.2
                        c.example.com. A 192.0.2.1
                        """));
    }

    @Test
    void parenthesesJoinLinesAndCommentsEndAtTheLine() {
        assertArrayEquals(
                rdata("a MX 10 mail"),
                rdata(
                        """
                        a ( IN ; one
                           MX ; two (
                           10
                        mail ) ; three )
                        """));
        assertArrayEquals(rdata("a MX 10 mail"), rdata("a MX ((10) mail)"));
    }

    @Test
    void linesMayEndInCarriageReturnAndTheLastInNothing() {
        assertEquals(
                List.of("a.example.com. 3600 1", "b.example.com. 3600 1"),
                records("a A 192.0.2.1\r\nb A 192.0.2.2"));
    }

    @Test
    void withoutDollarTtlTheLastExplicitTtlCounts() {
        ZoneFile file =
                Texts.read(
                        """
                        @ 60 SOA ns1 hostmaster 1 2 3 4 5
                        @ NS ns.example.net.
                        a 30 A 192.0.2.1
                        b A 192.0.2.1
                        """);
        assertEquals("", Texts.problems(file));
        assertEquals(
                List.of(60, 60, 30, 30),
                file.records().stream().map(ResourceRecord::ttlSeconds).toList());
    }

    @Test
    void anExplicitTtlDoesNotChangeDollarTtl() {
        assertEquals(
                List.of("a.example.com. 30 1", "b.example.com. 3600 1", "c.example.com. 604800 1"),
                records("a 30 A 192.0.2.1\nb A 192.0.2.1\n$ttl 1w\nc A 192.0.2.1\n"));
    }

    @Test
    void escapesStandForOctets() {
        assertArrayEquals(
                new byte[] {4, 'a', '.', 'b', 0, 0}, rdata("x CNAME a\\.\\098\\000.").clone());
        assertArrayEquals(
                new byte[] {5, 'a', '"', ';', ' ', (byte) 255}, rdata("x TXT \"a\\\"; \\255\""));
        assertEquals(List.of("\\@.example.com. 3600 1"), records("\\@ A 192.0.2.1"));
    }

    @Test
    void quotedStringsTakeTheOctetsOfTheFile() {
        byte[] octets = "Grüße".getBytes(StandardCharsets.UTF_8);
        byte[] rdata = rdata("x TXT \"Grüße\"");
        assertEquals(octets.length, rdata[0]);
        assertEquals("Grüße", new String(rdata, 1, octets.length, StandardCharsets.UTF_8));
        assertArrayEquals(rdata, rdata("x TXT \"Gr\\ü\\ße\""));
        assertArrayEquals(new byte[] {1, '\t'}, rdata("x TXT \"\t\""));
    }

    @Test
    void namesInDataKeepTheirSpelling() {
        assertArrayEquals(Name.of("WWW.Example.COM.").wire(), rdata("x CNAME WWW.Example.COM."));
        assertArrayEquals(Name.of("Mixed.example.com.").wire(), rdata("x PTR Mixed"));
    }

    @Test
    void unknownFormIsReadForKnownTypesToo() {
        assertArrayEquals(
                rdata("x MX 10 mail.example.net."),
                rdata("x TYPE15 \\# 20 000a 046d61696c076578616d706c65036e657400"));
        assertArrayEquals(new byte[0], rdata("x TYPE65534 \\# 0"));
        assertArrayEquals(new byte[] {1, 2, 3}, rdata("x TYPE65534 \\# 3 ( 01\n 0203 )"));
    }

    @Test
    void everyTypeThatDnsjavaKnowsIsRead() {
        for (String data :
                List.of(
                        "A 192.0.2.1",
                        "WKS 192.0.2.1 tcp smtp",
                        "HINFO cpu os",
                        "MINFO a b",
                        "RP a b",
                        "AFSDB 1 a",
                        "X25 311061700956",
                        "ISDN 150862028003217 004",
                        "RT 10 relay",
                        "KEY 256 3 5 AQPS",
                        "PX 10 a b",
                        "GPOS -32.6882 116.8652 10.0",
                        "AAAA 2001:db8::1",
                        "LOC 52 22 23.000 N 4 53 32.000 E -2.00m",
                        "SRV 1 2 3 host",
                        "NAPTR 100 10 \"u\" \"sip\" \"!^.*$!sip:a@example.com!\" .",
                        "KX 10 a",
                        "CERT PGP 0 0 AQPS",
                        "DNAME a",
                        "APL 1:192.0.2.0/24 !2:2001:db8::/32",
                        "SSHFP 4 2 " + "00".repeat(32),
                        "IPSECKEY 10 1 2 192.0.2.38 AQNR",
                        "NSEC a A RRSIG TYPE1234",
                        "DNSKEY 257 3 13 AQPS",
                        "DHCID AAIB",
                        "NSEC3 1 1 12 aabb 2t7b4g4vsa5smi47k61mv5bv1a22bojr A",
                        "NSEC3PARAM 1 0 0 aabb",
                        "TLSA 3 1 1 " + "00".repeat(32),
                        "SMIMEA 3 1 1 " + "00".repeat(32),
                        "OPENPGPKEY AQPS",
                        "SVCB 16 foo mandatory=alpn alpn=h2 ipv4hint=192.0.2.1",
                        "HTTPS 0 a",
                        "SPF \"v=spf1\"",
                        "URI 10 1 \"ftp://a\"",
                        "CAA 0 issue \"a\"")) {
            // OwnerTable that NSEC3 and NSEC3PARAM may have.
            String owner = data.startsWith("NSEC3PARAM") ? "@" : "0".repeat(32);
            assertTrue(rdata(owner + " " + data).length > 0, data);
        }
    }

    @Test
    void anIncludedFileInheritsAndGivesOnlyItsDefaultTtlBack() {
        ZoneFile file =
                ZoneFile.read(
                        Texts.ORIGIN,
                        "zones/t.zone",
                        Texts.source(
                                Map.of(
                                        "zones/t.zone",
                                        HEAD
                                                + """
                                                a A 192.0.2.1
                                                $INCLUDE example.com/one.inc
                                                  AAAA 2001:db8::1
                                                $INCLUDE ./example.com/../example.com/one.inc sub
                                                e A 192.0.2.1
                                                """,
                                        "zones/example.com/one.inc",
                                        """
                                          3600 TXT owner
                                        $TTL 5
                                        $ORIGIN deep
                                        b A 192.0.2.1
                                        """)));
        assertEquals(
                "zones/example.com/one.inc:1:3: warning: " + Texts.HIDDEN, Texts.problems(file));
        assertEquals(
                List.of(
                        "a.example.com. 3600",
                        "a.example.com. 3600",
                        "b.deep.example.com. 5",
                        "a.example.com. 5",
                        "a.example.com. 3600",
                        "b.deep.sub.example.com. 5",
                        "e.example.com. 5"),
                file.records().stream()
                        .skip(HEAD_RECORDS)
                        .map(record -> record.owner() + " " + record.ttlSeconds())
                        .toList());
        assertEquals(List.of("zones/t.zone", "zones/example.com/one.inc"), file.files());
    }

    @Test
    void includesAreNestedSixteenDeepAtMost() {
        Map<String, String> files = new HashMap<>();
        files.put("t.zone", HEAD + "$INCLUDE example.com/1\n");
        for (int i = 1; i <= 30; i++) {
            files.put("example.com/" + i, "$INCLUDE example.com/" + (i + 1) + "\n");
        }
        assertEquals(
                "example.com/15:1:10: error: " + Texts.HIDDEN,
                Texts.problems(ZoneFile.read(Texts.ORIGIN, "t.zone", Texts.source(files))));
    }

    @Test
    void includesThatMultiplyEndAtTheLimit() {
        Map<String, String> files = new HashMap<>();
        files.put("t.zone", HEAD + "$INCLUDE example.com/1\n$INCLUDE example.com/1\n");
        for (int i = 1; i <= 14; i++) {
            files.put(
                    "example.com/" + i,
                    "$INCLUDE example.com/%1$d\n$INCLUDE example.com/%1$d\n".formatted(i + 1));
        }
        files.put("example.com/15", "; the end\n");
        ZoneFile file = ZoneFile.read(Texts.ORIGIN, "t.zone", Texts.source(files));
        assertEquals(16, file.files().size());
        String problems = Texts.problems(file);
        assertTrue(problems.contains(":2:10: error: " + Texts.HIDDEN), problems);
    }

    @Test
    void problemsShowControlCharactersAsEscapes() {
        assertEquals(
                "t.zone:4:6: error: MX preference: expected 0-65535, not 'te\\027[2J\\007n'",
                Texts.problems(Texts.read(HEAD + "  MX \"te\u001b[2J\u0007n\" mail")));
    }

    @Test
    void recordsKnowWhereTheyStand() {
        ZoneFile file =
                Texts.read(HEAD + "\n  ; comment\n  A 192.0.2.1 ; of @\nx ( A\n 192.0.2.1)");
        assertEquals("t.zone:2:1", file.position(0).toString());
        assertEquals("t.zone:6:3", file.position(2).toString());
        assertEquals("t.zone:7:1", file.position(3).toString());
    }

    @Test
    void atMostAThousandProblemsAreKept() {
        ZoneFile file = Texts.read("x\n".repeat(5_000));
        assertEquals(Problems.PROBLEMS_MAX + 1, file.problems().size());
        assertEquals(
                "t.zone:1001:1: error: and more: only the first 1000 errors are shown",
                file.problems().getLast().toString());
    }

    @Test
    void aLongEntryIsRefusedAndTheNextIsRead() {
        String text = "x A 192.0.2.1 " + " ".repeat(Scanner.ENTRY_CHARACTERS_MAX) + "\n";
        ZoneFile file = Texts.read(HEAD + text + "y A 192.0.2.999\n");
        assertEquals(
                """
                t.zone:4:1: error: this entry is longer than 524288 characters: a ')' may be missing
                t.zone:5:5: error: A address: expected an IPv4 address such as 192.0.2.1, not '192.0.2.999'\
                """,
                Texts.problems(file));
    }

    @Test
    void dataOfMoreThanSixtyFourKibibytesIsRefused() {
        String string = " " + "x".repeat(255);
        assertEquals("", Texts.problems(Texts.read(HEAD + "x TXT" + string.repeat(255))));
        assertEquals(
                "t.zone:4:7: error: TXT: the data has 65792 octets, more than 65535",
                Texts.problems(Texts.read(HEAD + "x TXT" + string.repeat(257))));
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() {
        ZoneFile file = ZoneFile.read(Texts.ORIGIN, "zones/t.zone", Texts.source(Map.of()));
        assertEquals(
                "zones/t.zone:1:1: error: cannot read zones/t.zone: no such file",
                Texts.problems(file));
        assertTrue(file.hasErrors());
        assertThrows(IllegalStateException.class, () -> file.zone(1));
    }

    @Test
    void warningsDoNotKeepAZoneFromBeingServed() {
        ZoneFile file = Texts.read(HEAD + "www.example.net. A 192.0.2.1\nwww A 192.0.2.2\n");
        assertEquals(1, file.problems().size());
        assertFalse(file.hasErrors());
        assertEquals(3, file.zone(1).recordCount());
    }

    @Test
    void theFileNameTellsTheOrigin() {
        assertEquals(Name.of("example.com."), ZoneFile.origin("some/where/example.com.zone"));
        assertEquals(Name.ROOT, ZoneFile.origin("root.zone"));
        assertEquals(Name.of("0\\0470.example."), ZoneFile.origin("0\\0470.example.zone"));
        for (String name : List.of("example.com", ".zone", "zones/.zone", "a..b.zone")) {
            assertThrows(IllegalArgumentException.class, () -> ZoneFile.origin(name), name);
        }
    }
}
