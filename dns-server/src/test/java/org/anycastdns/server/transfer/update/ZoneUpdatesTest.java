package org.anycastdns.server.transfer.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an UPDATE does to a zone. The case numbers are those of the specification of transfers.
class ZoneUpdatesTest {

    private static final Name APEX = Name.of(UpdatedZone.APEX);
    private static final Name WWW = Name.of("www.example.");
    private static final byte[] ADDRESS = {(byte) 192, 0, 2, 1};
    private static final byte[] EMPTY = {};

    private static UpdatedZone zone() {
        return new UpdatedZone(
                "www.example. 300 A 192.0.2.1",
                "www.example. 300 A 192.0.2.2",
                "alias.example. 300 CNAME www.example.",
                "deep.ent.example. 300 TXT x");
    }

    private static String wrongZone(int rcode, List<Question> questions) {
        WholeMessage message =
                new WholeMessage(
                        1, Opcode.UPDATE << 11, questions, List.of(), List.of(), List.of());
        UpdateRequest.Parsed.Faulty faulty =
                assertInstanceOf(UpdateRequest.Parsed.Faulty.class, UpdateRequest.of(message));
        return UpdatedZone.rejected(rcode, faulty.rejected());
    }

    @Test
    void case98TheZoneSectionIsOneSoa() {
        Question soa = new Question(APEX, RecordType.SOA, RecordClass.IN);
        assertTrue(wrongZone(Rcode.FORMERR, List.of()).contains("0 records"));
        assertTrue(wrongZone(Rcode.FORMERR, List.of(soa, soa)).contains("2 records"));
        Question other = new Question(APEX, RecordType.A, RecordClass.IN);
        assertTrue(wrongZone(Rcode.FORMERR, List.of(other)).contains("type A"));
        Question chaos = new Question(APEX, RecordType.SOA, RecordClass.CH);
        assertTrue(wrongZone(Rcode.NOTAUTH, List.of(chaos)).contains("class 3"));
    }

    @ParameterizedTest
    @CsvSource({
        "nxdomain www.example.,YXDOMAIN",
        "nxdomain none.example.,",
        // An empty non-terminal is not in use (RFC 2136 section 2.4.4).
        "nxdomain ent.example.,",
        "yxdomain WWW.Example.,",
        "yxdomain ent.example.,NXDOMAIN",
        "yxdomain none.example.,NXDOMAIN",
        "nxrrset www.example. A,YXRRSET",
        "nxrrset www.example. AAAA,",
        "yxrrset www.example. A,",
        "yxrrset www.example. AAAA,NXRRSET",
        // A CNAME is not followed.
        "yxrrset alias.example. A,NXRRSET",
        "yxdomain example.,",
        "yxrrset example. SOA,",
        "nxdomain other.test.,NOTZONE",
        "yxrrset other.test. A 192.0.2.1,NOTZONE"
    })
    void case99PrerequisitesWithoutValue(String line, String rcode) {
        UpdateResult result = zone().send(line);
        String found =
                result instanceof UpdateResult.Rejected rejected
                        ? Rcode.name(rejected.rcode())
                        : null;
        assertEquals(rcode, found, result::toString);
    }

    private static UpdateResult prerequisite(int type, int recordClass, int ttl, byte[] rdata) {
        MessageRecord record = new MessageRecord(WWW, type, recordClass, ttl, rdata);
        return zone().on(new UpdateRequest(APEX, List.of(record), List.of()));
    }

    @Test
    void case99MalformedPrerequisites() {
        for (int recordClass : new int[] {RecordClass.ANY, RecordClass.NONE}) {
            UpdatedZone.rejected(Rcode.FORMERR, prerequisite(RecordType.A, recordClass, 1, EMPTY));
            UpdatedZone.rejected(
                    Rcode.FORMERR, prerequisite(RecordType.A, recordClass, 0, ADDRESS));
        }
        int in = RecordClass.IN;
        UpdatedZone.rejected(Rcode.FORMERR, prerequisite(RecordType.A, in, 1, ADDRESS));
        UpdatedZone.rejected(Rcode.FORMERR, prerequisite(RecordType.ANY, in, 0, EMPTY));
        UpdatedZone.rejected(Rcode.FORMERR, prerequisite(RecordType.A, RecordClass.CH, 0, ADDRESS));
    }

    @Test
    void case100WholeSetsAreCompared() {
        zone().keeps("yxrrset www.example. A 192.0.2.2", "yxrrset www.example. A 192.0.2.1");
        zone().keeps(
                        "yxrrset www.example. A 192.0.2.1",
                        "yxrrset www.example. A 192.0.2.1",
                        "yxrrset WWW.example. A 192.0.2.2");
        String[] one = {"yxrrset www.example. A 192.0.2.1"};
        assertTrue(zone().rejects(Rcode.NXRRSET, one).contains("other records"));
        String more = "yxrrset www.example. A 192.0.2.3";
        zone().rejects(Rcode.NXRRSET, one[0], "yxrrset www.example. A 192.0.2.2", more);
        zone().rejects(Rcode.NXRRSET, "yxrrset none.example. A 192.0.2.1");
        // The case of names in RDATA does not count.
        zone().keeps("yxrrset alias.example. CNAME WWW.EXAMPLE.");
    }

    /// Prerequisites without value come first, whatever their order (RFC 2136 section 3.2.5).
    @Test
    void case100SetsAreComparedLast() {
        zone().rejects(Rcode.YXDOMAIN, "yxrrset www.example. A 192.0.2.9", "nxdomain www.example.");
    }

    @Test
    void case99NothingChangesIfAPrerequisiteFails() {
        UpdatedZone zone = zone();
        zone.rejects(Rcode.YXDOMAIN, "nxdomain www.example.", "add a.example. 60 A 192.0.2.9");
        zone.has("a.example.");
        assertEquals(1, zone.serial());
    }

    private static UpdateResult update(MessageRecord... records) {
        return zone().on(new UpdateRequest(APEX, List.of(), List.of(records)));
    }

    private static MessageRecord change(int type, int recordClass, int ttl, byte[] rdata) {
        return new MessageRecord(WWW, type, recordClass, ttl, rdata);
    }

    @Test
    void case101TheWholeSectionIsScannedFirst() {
        MessageRecord good = change(RecordType.A, RecordClass.IN, 60, new byte[] {1, 2, 3, 4});
        List<MessageRecord> bad = new ArrayList<>();
        bad.add(change(RecordType.A, RecordClass.CH, 60, ADDRESS));
        bad.add(change(RecordType.A, RecordClass.ANY, 1, EMPTY));
        bad.add(change(RecordType.A, RecordClass.ANY, 0, ADDRESS));
        bad.add(change(RecordType.A, RecordClass.NONE, 1, ADDRESS));
        for (int recordClass : new int[] {RecordClass.IN, RecordClass.ANY, RecordClass.NONE}) {
            for (int type :
                    new int[] {
                        RecordType.AXFR,
                        RecordType.IXFR,
                        RecordType.MAILA,
                        RecordType.MAILB,
                        RecordType.OPT,
                        RecordType.TSIG
                    }) {
                bad.add(change(type, recordClass, 0, EMPTY));
            }
        }
        bad.add(change(RecordType.ANY, RecordClass.IN, 0, EMPTY));
        bad.add(change(RecordType.ANY, RecordClass.NONE, 0, EMPTY));
        for (MessageRecord record : bad) {
            UpdatedZone.rejected(Rcode.FORMERR, update(good, record));
        }
        assertInstanceOf(UpdateResult.Changed.class, update(good));
        UpdatedZone zone = zone();
        zone.rejects(Rcode.NOTZONE, "add a.example. 60 A 192.0.2.9", "add a.test. 60 A 192.0.2.9");
        zone.has("a.example.");
    }

    @Test
    void case102ACnameBesideDataIsIgnored() {
        zone().keeps("add www.example. 60 CNAME other.example.");
        zone().keeps("add alias.example. 60 A 192.0.2.9");
        zone().keeps("add example. 60 CNAME other.example.");
        zone().changes("add alias.example. 60 CNAME other.example.")
                .has("alias.example.", "60 CNAME other.example.");
        // Other records of the message are carried out.
        zone().changes("add alias.example. 60 A 192.0.2.9", "add new.example. 60 A 192.0.2.9")
                .has("alias.example.", "300 CNAME www.example.")
                .has("new.example.", "60 A 192.0.2.9");
    }

    @Test
    void case102ASoaReplacesOnlyAnOlderOne() {
        String soa = "add example. 60 SOA ns.example. new.example. %d 1 2 3 4";
        for (long serial : new long[] {0, 1, (1L << 31) + 1, (1L << 32) - 1}) {
            zone().keeps(soa.formatted(serial));
        }
        for (long serial : new long[] {2, 1L << 31}) {
            UpdatedZone zone = zone().changes(soa.formatted(serial));
            assertEquals((int) serial, zone.serial());
            assertEquals(60, zone.content().soa().record().ttlSeconds());
        }
        zone().keeps("add www.example. 60 SOA ns.example. new.example. 9 1 2 3 4");
    }

    /// Two leaps of nearly 2^31 would end behind the zone, and secondaries would not follow.
    @Test
    void case102TwoSoasOfOneMessageDoNotLeadBack() {
        String soa = "add example. 60 SOA ns.example. new.example. %d 1 2 3 4";
        UpdatedZone zone =
                zone().changes(soa.formatted(2_000_000_000), soa.formatted(4_000_000_000L));
        assertEquals(2_000_000_000, zone.serial());
        zone.changes(soa.formatted(4_000_000_000L));
        assertEquals((int) 4_000_000_000L, zone.serial());
    }

    @Test
    void case102ADuplicateGivesTheSetItsTtl() {
        zone().keeps("add www.example. 300 A 192.0.2.1");
        zone().changes("add www.example. 60 A 192.0.2.1")
                .has("www.example.", "60 A 192.0.2.1", "60 A 192.0.2.2");
        // A new record too (RFC 2181 section 5.2).
        zone().changes("add www.example. 60 A 192.0.2.3")
                .has("www.example.", "60 A 192.0.2.1", "60 A 192.0.2.2", "60 A 192.0.2.3");
    }

    @Test
    void case102WksAndDnameReplaceOthersOfTheirKind() {
        UpdatedZone zone = zone();
        zone.changes("add w.example. 60 WKS 192.0.2.1 tcp 25")
                .changes("add w.example. 60 WKS 192.0.2.1 udp 53")
                .changes("add w.example. 60 WKS 192.0.2.1 tcp 80")
                .has("w.example.", "60 WKS 192.0.2.1 udp 53", "60 WKS 192.0.2.1 tcp 80");
        zone.changes("add d.example. 60 DNAME a.test.", "add d.example. 60 A 192.0.2.1")
                .changes("add d.example. 60 DNAME b.test.")
                .has("d.example.", "60 DNAME b.test.", "60 A 192.0.2.1");
    }

    @Test
    void case103SoaAndNsStayWhenTheApexIsDeleted() {
        UpdatedZone zone = zone().changes("add example. 60 MX 10 mx.example.");
        zone.keeps("delete example. NS", "delete example. SOA");
        zone.changes("delete example.")
                .has("example.", "3600 NS ns.example.", "3600 NS ns2.example.");
        zone.changes("delete www.example. A").has("www.example.");
        zone.changes("delete deep.ent.example.").has("deep.ent.example.");
        zone.keeps("delete none.example.", "delete none.example. A");
    }

    @Test
    void case104TheLastNsOfTheApexStays() {
        UpdatedZone zone = zone();
        zone.changes("delete example. NS ns.example.", "delete example. NS ns2.example.")
                .has("example.", "3600 NS ns2.example.");
        zone.keeps("delete example. NS ns2.example.");
        zone.changes("add example. 60 NS new.example.", "delete example. NS ns2.example.")
                .has("example.", "60 NS new.example.");
        // Below the apex the last one goes.
        zone.changes("add sub.example. 60 NS ns.sub.example.")
                .changes("delete sub.example. NS ns.sub.example.")
                .has("sub.example.");
        zone.keeps("delete example. SOA ns.example. admin.example. 3 3600 600 86400 300");
    }

    @Test
    void case104ARecordIsDeletedWhateverItsTtlAndSpelling() {
        zone().changes("delete WWW.example. A 192.0.2.1")
                .has("www.example.", "300 A 192.0.2.2")
                .keeps("delete www.example. A 192.0.2.1")
                .changes("delete alias.example. CNAME WWW.EXAMPLE.")
                .has("alias.example.");
    }

    @Test
    void case105TheOrderOfTheMessageCounts() {
        zone().changes("delete www.example. A", "add www.example. 300 A 192.0.2.9")
                .has("www.example.", "300 A 192.0.2.9");
        zone().changes("add www.example. 300 A 192.0.2.9", "delete www.example. A")
                .has("www.example.");
        zone().keeps("add n.example. 300 A 192.0.2.9", "delete n.example. A 192.0.2.9");
        zone().changes("delete alias.example.", "add alias.example. 60 A 192.0.2.9")
                .has("alias.example.", "60 A 192.0.2.9");
        zone().changes("delete www.example.", "add www.example. 60 CNAME a.test.")
                .has("www.example.", "60 CNAME a.test.");
    }

    @Test
    void case106NoChangeNoSerial() {
        zone().keeps();
        zone().keeps(
                        "delete www.example. A",
                        "add www.example. 300 A 192.0.2.2",
                        "add WWW.example. 300 A 192.0.2.1");
        UpdatedZone zone = zone().changes("add a.example. 60 A 192.0.2.9");
        assertEquals(2, zone.serial());
        // The serial of the message is not counted up again.
        zone.changes(
                "add b.example. 60 A 192.0.2.9",
                "add example. 3600 SOA ns.example. admin.example. 77 1 2 3 4");
        assertEquals(77, zone.serial());
    }

    @ParameterizedTest
    @CsvSource({
        "INCREMENT,1,2",
        "INCREMENT,2147483647,2147483648",
        "INCREMENT,4294967295,1",
        "UNIXTIME,1,1790000000",
        "UNIXTIME,1790000000,1790000001",
        "UNIXTIME,1800000000,1800000001",
        // 2^31 and more behind is in front (RFC 1982).
        "UNIXTIME,4000000000,1790000000",
        "DATE,1,2026092100",
        "DATE,2026092100,2026092101",
        "DATE,2026092205,2026092206"
    })
    void case106TheSerialGrowsByPolicy(SerialPolicy policy, long serial, long next) {
        assertEquals((int) next, policy.next((int) serial, UpdatedZone.EPOCH_SECONDS));
    }

    @Test
    void case107ManyChangesAreOneStep() {
        UpdateResult result =
                zone().send(
                                "add a.example. 60 A 192.0.2.9",
                                "delete www.example.",
                                "add alias.example. 60 CNAME b.example.");
        IxfrStep step = assertInstanceOf(UpdateResult.Changed.class, result).step();
        assertEquals(1, step.from().serial());
        assertEquals(2, step.to().serial());
        assertEquals(3, step.deletes().size());
        assertEquals(2, step.adds().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 30, 46, 47, 48, 50, 51, 63})
    void case108RecordsOfDnssecAreRefused(int type) {
        for (int recordClass : new int[] {RecordClass.IN, RecordClass.ANY, RecordClass.NONE}) {
            String reason =
                    UpdatedZone.rejected(
                            Rcode.REFUSED, update(change(type, recordClass, 0, EMPTY)));
            assertTrue(reason.contains(RecordType.name(type)), reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RRSIG SOA 8 1 3600 20300101000000 20200101000000 1 example. AAAA",
                "ZONEMD 1 1 1 "
                        + "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
                        + "00112233445566778899AABBCCDDEEFF"
            })
    void case108AZoneThatIsSignedElsewhereIsRefused(String record) {
        UpdatedZone zone = new UpdatedZone("example. 3600 " + record);
        String reason = zone.rejects(Rcode.REFUSED, "yxdomain none.example.");
        assertTrue(reason.contains(record.split(" ")[0]), reason);
    }

    @Test
    void case109AZoneThatWouldBeTooLargeStaysAsItIs() {
        UpdatedZone zone = zone();
        long records = zone.content().recordCount();
        zone.with(
                UpdatedZone.updates(new UpdateLimits(records + 1, 1_000), SerialPolicy.INCREMENT));
        String[] two = {"add a.example. 60 A 192.0.2.1", "add a.example. 60 A 192.0.2.2"};
        assertTrue(zone.rejects(Rcode.REFUSED, two).contains("records, more than"));
        zone.has("a.example.").changes(two[0]).has("a.example.", "60 A 192.0.2.1");
        String text = "x".repeat(250);
        String[] replace = {
            "delete www.example.", "add a.example. 60 TXT %1$s %1$s %1$s %1$s".formatted(text)
        };
        assertTrue(zone.rejects(Rcode.REFUSED, replace).contains("octets, more than"));
        // What makes it smaller is taken although it is too large.
        zone.with(UpdatedZone.updates(new UpdateLimits(1, 1), SerialPolicy.INCREMENT))
                .changes("delete www.example. A 192.0.2.1")
                .has("www.example.", "300 A 192.0.2.2");
    }

    @Test
    void case109ASetThatFitsNoMessageIsRefused() {
        UpdatedZone zone = zone();
        String text = "x".repeat(255);
        for (int i = 0; i < 28; i++) {
            zone.changes(
                    "add t.example. 60 TXT %1$s %1$s %1$s %1$s %1$s %1$s %1$s %1$s %1$s a%2$d"
                            .formatted(text, i + 10));
        }
        String reason =
                zone.rejects(
                        Rcode.REFUSED,
                        "add t.example. 60 TXT %1$s %1$s %1$s %1$s %1$s %1$s %1$s %1$s %1$s b"
                                .formatted(text));
        assertTrue(reason.contains("more than a message can hold"), reason);
        assertEquals(28, zone.content().records(Name.of("t.example.")).size());
    }

    /// A zone file with such data would be refused.
    @Test
    void case109DataBelowADnameIsRefused() {
        UpdatedZone zone = zone();
        assertTrue(
                zone.rejects(Rcode.REFUSED, "add ent.example. 60 DNAME a.test.")
                        .contains("below the DNAME"));
        zone.changes("delete deep.ent.example.", "add ent.example. 60 DNAME a.test.");
        assertTrue(
                zone.rejects(Rcode.REFUSED, "add x.y.ent.example. 60 A 192.0.2.1")
                        .contains("below the DNAME at ent.example."));
        zone.rejects(
                Rcode.REFUSED,
                "delete ent.example. DNAME",
                "add ent.example. 60 DNAME b.",
                "add deep.ent.example. 60 A 192.0.2.1");
        zone.changes("delete ent.example. DNAME", "add deep.ent.example. 60 A 192.0.2.1");
        assertTrue(
                zone.rejects(
                                Rcode.REFUSED,
                                "add new.example. 60 DNAME a.test.",
                                "add a.new.example. 60 A 192.0.2.1")
                        .contains("below the DNAME"));
    }
}
