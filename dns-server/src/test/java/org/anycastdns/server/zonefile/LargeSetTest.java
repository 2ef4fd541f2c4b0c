package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.check.ZoneCheck;
import org.anycastdns.server.zonefile.problem.Problems;
import org.anycastdns.server.zonefile.problem.SourcePositions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Record sets at and above what a message can hold.
@Timeout(300)
class LargeSetTest {

    private static final String HEAD =
            """
            $TTL 300
            @ SOA ns.example.net. hostmaster 1 7200 900 1209600 300
            @ NS ns.example.net.
            """;

    /// 65,535 without header, question and OPT: "big.example.com." has 17 octets.
    private static final int MAX = 65_535 - 12 - 17 - 4 - 11;

    private static final String LIMIT = ", more than a message can hold, " + MAX;

    private static String problems(String... lines) {
        return Texts.problems(Texts.read(HEAD + String.join("\n", lines) + "\n"));
    }

    /// Addresses of big.example.com., 16 octets each.
    private static String addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "big A 10.%d.%d.%d".formatted(i >> 16, (i >> 8) & 0xff, i & 0xff))
                .collect(Collectors.joining("\n"));
    }

    /// A signature over big.example.com. of 18 + 13 + `octets` octets of RDATA.
    private static String signature(String type, int octets) {
        return "big RRSIG %s 8 3 300 20260101000000 20250101000000 1 @ %s"
                .formatted(type, Base64.getEncoder().encodeToString(new byte[octets]));
    }

    /// Straight to the check: reading so much text takes a while, and shows nothing more.
    @Test
    void aMillionRecordsOfOneSetAreRefusedWithTheirPlace() {
        Records records = new Records();
        SourcePositions positions = new SourcePositions();
        int file = positions.addFile("t.zone");
        List<ResourceRecord> head = Texts.read(HEAD).records();
        head.forEach(
                record -> records.add(record, SourcePositions.place(file, records.size() + 2, 1)));
        Name big = Name.of("big", Texts.ORIGIN);
        records.owner(big.wire(), big.length());
        for (int i = 0; i < 1_000_000; i++) {
            byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            records.add(RecordType.A, 300, address, 4, SourcePositions.place(file, i + 4, 1));
        }
        Problems problems = new Problems();
        OwnerTable owners = OwnerTable.of(records, Texts.ORIGIN, ParallelRunner.ALONE);
        int[] _ =
                ZoneCheck.run(
                        Texts.ORIGIN,
                        owners,
                        ReadRules.DEFAULT.policy(),
                        positions,
                        problems,
                        ParallelRunner.ALONE);
        assertEquals(
                "[t.zone:4:1: error: the record set big.example.com. A has 16000000 octets"
                        + LIMIT
                        + "]",
                problems.sorted().toString());
    }

    @Test
    void theLargestSetThatFitsIsTakenAndOneMoreRecordIsNot() {
        int count = MAX / 16;
        assertEquals("", problems(addresses(count)));
        assertEquals(
                "t.zone:4:1: error: the record set big.example.com. A has "
                        + (count + 1) * 16
                        + " octets"
                        + LIMIT,
                problems(addresses(count + 1)));
    }

    @Test
    void signaturesCountWithTheSetThatTheyCover() {
        assertEquals("", problems(addresses(2_000), signature("A", 30_000)));
        int octets = 2_000 * 16 + 12 + 18 + 13 + 33_450;
        assertEquals(
                "t.zone:4:1: error: the record set big.example.com. A has "
                        + octets
                        + " octets with its signatures"
                        + LIMIT,
                problems(addresses(2_000), signature("A", 33_450)));
    }

    @Test
    void recordsThatAreThereAgainDoNotCount() {
        String signature = signature("A", 30_000);
        ZoneFile file =
                Texts.read(HEAD + "big A 192.0.2.1\n".repeat(5_000) + (signature + "\n").repeat(3));
        assertFalse(file.hasErrors(), () -> Texts.problems(file));
        assertEquals(4, file.zone(0).recordCount());
    }

    @Test
    void signaturesOverDifferentSetsAreCountedApart() {
        assertEquals(
                "",
                problems(
                        "big A 192.0.2.1",
                        "big AAAA 2001:db8::1",
                        signature("A", 40_000),
                        signature("AAAA", 40_000)));
    }

    @Test
    void aRecordAloneCanBeTooLarge() {
        String hex = "00".repeat(65_535);
        assertEquals(
                "t.zone:4:1: error: the record set big.example.com. TYPE65280 has 65547 octets"
                        + LIMIT,
                problems("big TYPE65280 \\# 65535 " + hex));
        assertEquals("", problems("big TYPE65280 \\# 65000 " + "00".repeat(65_000)));
    }

    @Test
    void glueOfADelegationIsASetAsWell() {
        String text = problems("big NS ns.big", addresses(4_100).replace("big A", "ns.big A"));
        assertFalse(text.isEmpty());
        assertEquals(
                "t.zone:5:1: error: the record set ns.big.example.com. A has 65600 octets"
                        + ", more than a message can hold, "
                        + (MAX - 3),
                text);
    }
}
