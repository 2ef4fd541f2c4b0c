package org.anycastdns.server.zone.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Denial;
import org.anycastdns.server.zone.Nsec3Hash;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.file.ThroughFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base32;

/// Records that are legal and rare: whatever they are, they make a zone whose image is sound.
class ZoneBuilderTest {

    private static final long SEED = 20_261_130;
    private static final Name APEX = Name.of("example.");
    private static final String SIGNED = " 13 1 300 20900101000000 20260101000000 1 example. AAAA";
    private static final List<String> HEAD =
            List.of(
                    "example. SOA ns.example. admin.example. 1 3600 600 86400 300",
                    "example. NS ns.example.",
                    "ns.example. A 192.0.2.1");
    private static final String SIGNED_SOA = "example. RRSIG SOA" + SIGNED;
    private static final String HASH = "0123456789abcdefghijklmnopqrstuv";

    private static Zone zone(Name apex, List<String> lines) {
        Zone zone = built(apex, lines.stream().map(ZoneBuilderTest::record).toList());
        List<ResourceRecord> shuffled =
                new ArrayList<>(lines.stream().map(ZoneBuilderTest::record).toList());
        Collections.shuffle(shuffled, new Random(SEED));
        assertTrue(zone.sameContent(built(apex, shuffled)), () -> "seed " + SEED);
        return zone;
    }

    /// A zone, through a file and back.
    private static Zone built(Name apex, List<ResourceRecord> records) {
        ZoneBuilder builder = new ZoneBuilder(apex);
        records.forEach(builder::add);
        return ThroughFile.read(builder.build(0));
    }

    private static Zone zone(String... lines) {
        return zone(APEX, Stream.concat(HEAD.stream(), Stream.of(lines)).toList());
    }

    private static ResourceRecord record(String line) {
        String[] words = line.split(" ", 3);
        int type = Type.value(words[1], true);
        try {
            org.xbill.DNS.Name owner = org.xbill.DNS.Name.fromString(words[0]);
            byte[] wire =
                    Record.fromString(
                                    owner, type, DClass.IN, 300, words[2], org.xbill.DNS.Name.root)
                            .toWire(Section.ANSWER);
            byte[] rdata = Arrays.copyOfRange(wire, owner.length() + 10, wire.length);
            return new ResourceRecord(Name.of(words[0]), type, 300, rdata);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    private static int node(Zone zone, String name) {
        NameBuffer buffer = new NameBuffer();
        buffer.set(Name.of(name).wire(), 0);
        zone.hash(buffer);
        return zone.findNode(buffer, 0);
    }

    private static int set(Zone zone, String name, int type) {
        int node = node(zone, name);
        assertNotEquals(Zone.NONE, node, name);
        return zone.findSet(node, type);
    }

    /// RFC 3597 section 5, RFC 3123 section 4.
    @ParameterizedTest
    @ValueSource(strings = {"APL", "NULL", "TYPE65280", "TYPE65535"})
    void emptyRdataMayStandAtTheEnd(String type) {
        Zone zone = zone("zz.example. " + type + " \\# 0");
        int set = set(zone, "zz.example.", RecordType.of(type));
        assertEquals(0, zone.sets().rdataOctets(zone.sets().records(set)));
    }

    @Test
    void nsec3AtTheApexTakesNothingAway() {
        Zone zone = zone("example. NSEC3 1 0 0 - " + HASH + " A");
        assertNotEquals(Zone.NONE, set(zone, "example.", RecordType.NSEC3));
        assertNotEquals(Zone.NONE, set(zone, "ns.example.", RecordType.A));
        assertEquals(Denial.UNSIGNED, zone.denial());
    }

    /// RFC 5155 section 7.2.8 speaks of names that have nothing but NSEC3 records.
    @Test
    void nsec3BesideOtherRecordsHidesNone() {
        Zone zone =
                zone(
                        "www.example. A 192.0.2.2",
                        "www.example. NSEC3 1 0 0 - " + HASH + " A",
                        HASH + ".example. NSEC3 1 0 0 - " + HASH + " A");
        assertNotEquals(Zone.NONE, set(zone, "www.example.", RecordType.A));
        assertEquals(Zone.NONE, node(zone, HASH + ".example."));
    }

    @Test
    void aHashedNameWithOthersBelowItIsANameOfTheZone() {
        Zone zone =
                zone(
                        HASH + ".example. NSEC3 1 0 0 - " + HASH + " A",
                        "a.b." + HASH + ".example. A 192.0.2.2",
                        "*.example. A 192.0.2.3",
                        "example. MX 1 " + HASH + ".example.");
        assertNotEquals(Zone.NONE, node(zone, "a.b." + HASH + ".example."));
        assertNotEquals(Zone.NONE, node(zone, HASH + ".example."));
        assertEquals(0, zone.sets().hostCount(set(zone, "example.", RecordType.MX)));
    }

    /// RFC 4592 section 2.2.2: a wildcard does not stand for a name that is there, if only as an
    /// empty non-terminal.
    @Test
    void anEmptyNonTerminalHasNoAddressesOfAWildcard() {
        Zone zone =
                zone("*.example. A 192.0.2.3", "a.b.example. TXT x", "example. MX 1 b.example.");
        assertEquals(0, zone.sets().hostCount(set(zone, "example.", RecordType.MX)));
    }

    /// RFC 4592 section 2.1: an asterisk may stand anywhere in a name, also in the zone's.
    @Test
    void theApexMayBeAnAsterisk() {
        Zone zone =
                zone(
                        Name.of("*.example."),
                        List.of(
                                "*.example. SOA ns.*.example. admin.example. 1 3600 600 86400 300",
                                "*.example. NS ns.*.example.",
                                "ns.*.example. A 192.0.2.1",
                                "*.*.example. MX 1 ns.*.example."));
        assertNotEquals(Zone.NONE, set(zone, "*.*.example.", RecordType.MX));
        assertEquals(Zone.NONE, zone.parent(zone.apexNode()));
    }

    private static String hash(String name, byte[] salt, int iterations) {
        byte[] folded = Name.of(name).folded();
        byte[] hash = new Nsec3Hash().of(folded, 0, folded.length, salt, iterations);
        return new base32(base32.Alphabet.BASE32HEX, false, true).toString(hash);
    }

    private static String nsec3(String name, String salt, int iterations) {
        byte[] octets = salt.equals("-") ? new byte[0] : HexFormat.of().parseHex(salt);
        return "%s.example. NSEC3 1 0 %d %s %s A"
                .formatted(hash(name, octets, iterations), iterations, salt, HASH);
    }

    /// While the salt changes there are records of two chains, and with a long salt those of the
    /// other one are shorter than the parameters.
    @ParameterizedTest
    @ValueSource(strings = {"-", "00", "aabbccdd"})
    void recordsOfAnotherChainDoNotCount(String otherSalt) {
        String salt = "ab".repeat(255);
        Zone zone =
                zone(
                        SIGNED_SOA,
                        "example. NSEC3PARAM 1 0 0 " + salt,
                        nsec3("example.", salt, 0),
                        nsec3("ns.example.", salt, 0),
                        nsec3("example.", otherSalt, 0),
                        nsec3("ns.example.", otherSalt, 0));
        assertEquals(Denial.NSEC3, zone.denial());
        assertEquals(2, zone.chainLength());
    }

    /// RFC 5155 section 4.1.2: parameters with flags are ignored; section 7.3: one of several
    /// chains is enough, and that must be one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NSEC3PARAM 1 1 0 aa",
                "NSEC3PARAM 1 0 0 aa",
                "NSEC3PARAM 1 0 2500 aa",
                "NSEC3PARAM 2 0 0 aa",
                "NSEC3PARAM 0 0 0 -"
            })
    void theParametersThatCountAreThoseOfAChain(String other) {
        Zone zone =
                zone(
                        SIGNED_SOA,
                        "example. " + other,
                        "example. NSEC3PARAM 1 0 1 cc",
                        nsec3("ns.example.", "aa", 0),
                        nsec3("example.", "cc", 1),
                        nsec3("ns.example.", "cc", 1));
        assertEquals(Denial.NSEC3, zone.denial());
        assertEquals(2, zone.chainLength());
        assertTrue(zone.nsec3Entry(zone.apexNode()) >= 0);
    }

    @Test
    void aChainWithoutTheApexIsNone() {
        Zone zone = zone(SIGNED_SOA, "example. NSEC3PARAM 1 0 0 -", nsec3("ns.example.", "-", 0));
        assertEquals(Denial.UNSIGNED, zone.denial());
    }

    @Test
    void ofBothChainsTheCompleteOneCounts() {
        Zone zone =
                zone(
                        SIGNED_SOA,
                        "example. NSEC3PARAM 1 0 0 -",
                        nsec3("ns.example.", "-", 0),
                        "example. NSEC ns.example. NS SOA",
                        "ns.example. NSEC example. A");
        assertEquals(Denial.NSEC, zone.denial());
        assertEquals(2, zone.chainLength());
    }

    /// Between "9" and "a" stand other characters, which are no digits.
    @ParameterizedTest
    @ValueSource(strings = {"_", "w", "^", "-", "z"})
    void whatIsNoHashIsNotInTheChain(String digit) {
        Zone zone =
                zone(
                        SIGNED_SOA,
                        "example. NSEC3PARAM 1 0 0 -",
                        nsec3("example.", "-", 0),
                        digit.repeat(32) + ".example. NSEC3 1 0 0 - " + HASH + " A",
                        digit + ".example. NSEC3 1 0 0 - " + HASH + " A",
                        "a." + HASH + ".example. NSEC3 1 0 0 - " + HASH + " A");
        assertEquals(1, zone.chainLength());
    }

    /// RFC 5155 section 7.1 allows a name of the zone that looks like the hash of another.
    @Test
    void aHashThatIsANameTooIsInTheChain() {
        String name = hash("ns.example.", new byte[0], 0) + ".example.";
        Zone zone =
                zone(
                        SIGNED_SOA,
                        "example. NSEC3PARAM 1 0 0 -",
                        nsec3("example.", "-", 0),
                        nsec3("ns.example.", "-", 0),
                        nsec3(name, "-", 0),
                        name + " A 192.0.2.7");
        assertEquals(3, zone.chainLength());
        assertNotEquals(Zone.NONE, set(zone, name, RecordType.A));
        for (String each : List.of("example.", "ns.example.", name)) {
            assertTrue(zone.nsec3Entry(node(zone, each)) >= 0, each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "DNSKEY", "NSEC"})
    void withoutASignatureOverTheSoaTheZoneIsUnsigned(String covered) {
        Zone zone =
                zone(
                        "example. NSEC ns.example. NS SOA NSEC",
                        "ns.example. NSEC example. A NSEC",
                        "example. RRSIG " + covered + SIGNED);
        assertEquals(Denial.UNSIGNED, zone.denial());
        assertNotEquals(Zone.NONE, set(zone, "ns.example.", RecordType.NSEC));
    }

    @Test
    void aNameMayHaveRecordsOfEveryType() {
        List<ResourceRecord> records =
                new ArrayList<>(HEAD.stream().map(ZoneBuilderTest::record).toList());
        for (int type = 256; type <= 0xffff; type++) {
            records.add(new ResourceRecord(Name.of("a.example."), type, 300, new byte[0]));
            records.add(new ResourceRecord(APEX, type, 300, new byte[1]));
        }
        Zone zone = built(APEX, records);
        for (String owner : List.of("a.example.", "example.")) {
            assertNotEquals(Zone.NONE, set(zone, owner, 256));
            assertNotEquals(Zone.NONE, set(zone, owner, 0xffff));
        }
    }

    @Test
    void theLongestAndTheDeepestNamesAreKept() {
        String longest = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + ".";
        String name = longest + "d".repeat(52) + ".example.";
        String deep = "x.".repeat(122) + "example.";
        Zone zone =
                zone(
                        SIGNED_SOA,
                        "example. NSEC ns.example. NS SOA NSEC",
                        name + " A 192.0.2.2",
                        "*." + deep + " A 192.0.2.3");
        assertEquals(254, Name.of(name).length());
        assertNotEquals(Zone.NONE, set(zone, name, RecordType.A));
        assertNotEquals(Zone.NONE, set(zone, "*." + deep, RecordType.A));
    }
}
