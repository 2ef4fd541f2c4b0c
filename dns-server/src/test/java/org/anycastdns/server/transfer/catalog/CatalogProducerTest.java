package org.anycastdns.server.transfer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.ZoneChanges;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// Catalogs that are made from zones: case 91 of the specification of transfers.
class CatalogProducerTest {

    private static final Name APEX = Name.of("our.cat.");
    private static final Name A = Name.of("a.test.");
    private static final Name B = Name.of("b.test.");

    private final CatalogProducer producer = new CatalogProducer(APEX, 7);

    private static Map<Name, MemberProperties> zones(Name... names) {
        Map<Name, MemberProperties> zones = new LinkedHashMap<>();
        for (Name name : names) {
            zones.put(name, MemberProperties.NONE);
        }
        return zones;
    }

    private static List<String> texts(Records records) {
        return records.list().stream()
                .map(each ->
                        "%s %d %s %s"
                                .formatted(
                                        each.owner(),
                                        each.ttlSeconds(),
                                        RecordType.name(each.type()),
                                        text(each)))
                .toList();
    }

    private static String text(ResourceRecord record) {
        return Rdata.text(record.type(), record.rdata(), 0, record.rdata().length);
    }

    private IxfrStep publish(Map<Name, MemberProperties> zones) {
        return Objects.requireNonNull(producer.publish(zones));
    }

    private static Map<Name, CatalogMember> read(Records records) {
        Catalog catalog = Catalog.read(APEX, records);
        return assertInstanceOf(Catalog.Sound.class, catalog, catalog::toString).members().stream()
                .collect(Collectors.toMap(CatalogMember::zone, each -> each));
    }

    private CatalogMember member(Name zone) {
        return Objects.requireNonNull(read(producer.records()).get(zone));
    }

    @Test
    void case91TheRecordsAreACatalog() {
        Map<Name, MemberProperties> zones = zones(A);
        zones.put(B, new MemberProperties(List.of("fast"), Name.of("new.cat.")));
        var _ = publish(zones);
        // SHA-256 of the name in wire form, its first 20 octets in base 32 of RFC 4648 section 7.
        String a = "4ai8g3avgocp3r29r7h1tq6ve5d6u1vo.zones.our.cat. 0 PTR a.test.";
        List<String> texts = texts(producer.records());
        assertEquals(
                List.of(
                        "our.cat. 0 SOA invalid. invalid. 8 3600 600 2147483646 0",
                        "our.cat. 0 NS invalid.",
                        "version.our.cat. 0 TXT \"2\"",
                        a),
                texts.subList(0, 4));
        String label = member(B).label().toString();
        assertEquals(
                List.of(
                        "%szones.our.cat. 0 PTR b.test.".formatted(label),
                        "group.%szones.our.cat. 0 TXT \"fast\"".formatted(label),
                        "coo.%szones.our.cat. 0 PTR new.cat.".formatted(label)),
                texts.subList(4, texts.size()));
    }

    @Test
    void case91OneSerialABatchAndNoneForNothing() {
        assertEquals(7, producer.soa().serial());
        assertNull(producer.publish(zones()));
        IxfrStep first = publish(zones(A, B));
        assertEquals(7, first.from().serial());
        assertEquals(8, first.to().serial());
        assertEquals(List.of(), texts(first.deletes()));
        assertEquals(2, first.adds().size());
        assertNull(producer.publish(zones(B, A)));
        assertNull(producer.change(zones(A), List.of(Name.of("other.test."))));
        assertEquals(8, producer.soa().serial());
    }

    @Test
    void case91SerialsGoOnAfterTheLargest() {
        CatalogProducer last = new CatalogProducer(APEX, -1);
        assertEquals(0, Objects.requireNonNull(last.publish(zones(A))).to().serial());
    }

    @Test
    void case91TheDifferenceIsThatOfTheChangedMembers() {
        var _ = publish(zones(A, B));
        Name label = member(B).label();
        IxfrStep step =
                Objects.requireNonNull(
                        producer.change(Map.of(B, MemberProperties.groups("x", "y")), List.of(A)));
        assertEquals(List.of(RecordType.PTR), types(step.deletes()));
        assertEquals(
                List.of(
                        "group.%szones.our.cat. 0 TXT \"x\"".formatted(label),
                        "group.%szones.our.cat. 0 TXT \"y\"".formatted(label)),
                texts(step.adds()));
        step = Objects.requireNonNull(producer.change(zones(B), List.of()));
        assertEquals(List.of(RecordType.TXT, RecordType.TXT), types(step.deletes()));
        assertEquals(0, step.adds().size());
    }

    private static List<Integer> types(Records records) {
        return records.list().stream().map(ResourceRecord::type).toList();
    }

    @Test
    void case91LabelsAreStable() {
        var _ = publish(zones(A, B));
        Name label = member(A).label();
        var _ = publish(zones(B));
        var _ = publish(zones(B, Name.of("A.TEST.")));
        assertEquals(label, member(A).label());
        CatalogProducer other = new CatalogProducer(Name.of("other.cat."), 1);
        var _ = other.publish(zones(A));
        assertTrue(
                Catalog.read(Name.of("other.cat."), other.records())
                        .toString()
                        .contains("" + label),
                "a zone may move to another catalog with its data");
    }

    /// With a hash of one bit, labels still differ, and they stay when others go.
    @Test
    void case91LabelsDifferEvenIfHashesDoNot() {
        CatalogProducer poor =
                new CatalogProducer(
                        APEX,
                        1,
                        octets -> {
                            byte[] digest = Sha256.begin().digest(octets);
                            return octets.length == 20
                                    ? digest
                                    : new byte[] {(byte) (digest[0] & 1)};
                        });
        Set<Name> labels = new HashSet<>();
        Map<Name, MemberProperties> all = new LinkedHashMap<>();
        for (int i = 0; i < 200; i++) {
            all.put(Name.of("z%d.test.".formatted(i)), MemberProperties.NONE);
        }
        var _ = poor.publish(all);
        Map<Name, CatalogMember> members = read(poor.records());
        members.values().forEach(each -> labels.add(each.label()));
        assertEquals(200, labels.size());
        for (int i = 0; i < 100; i++) {
            all.remove(Name.of("z%d.test.".formatted(i)));
        }
        var _ = poor.publish(all);
        read(poor.records()).values().forEach(each -> assertEquals(members.get(each.zone()), each));
    }

    @Test
    void case91LabelsOutliveARestart() {
        Records made =
                CatalogText.records(
                        APEX, List.of(CatalogText.VERSION, "their-label.zones PTR a.test."));
        producer.resume(CatalogText.soa(made), made);
        assertEquals(1, producer.soa().serial());
        IxfrStep step = publish(zones(A, B));
        assertEquals(List.of(RecordType.PTR), types(step.adds()));
        assertEquals(2, step.to().serial());
        assertEquals(Name.of("their-label"), member(A).label());
        CatalogProducer again = new CatalogProducer(APEX, 99);
        again.resume(producer.soa(), producer.records());
        assertEquals(texts(producer.records()), texts(again.records()));
        assertNull(again.publish(zones(A, B)));
        again.resume(producer.soa(), new Records());
        assertEquals(2, Objects.requireNonNull(again.publish(zones(A, B))).adds().size());
    }

    @Test
    void namesThatAreTooLongAreRefused() {
        String label = "x".repeat(62) + ".";
        Name longest = Name.of(label.repeat(3) + "x".repeat(19) + ".");
        assertEquals(CatalogProducer.APEX_OCTETS_MAX, longest.length());
        CatalogProducer fits = new CatalogProducer(longest, 1);
        var _ = fits.publish(Map.of(A, MemberProperties.groups("g")));
        assertInstanceOf(Catalog.Sound.class, Catalog.read(longest, fits.records()));
        Name longer = Name.of("y" + longest);
        assertThrows(IllegalArgumentException.class, () -> new CatalogProducer(longer, 1));
        // A label of another program that leaves no room for properties is made anew.
        Records made =
                CatalogText.records(
                        longest,
                        List.of(CatalogText.VERSION, "x".repeat(36) + ".zones PTR a.test."));
        assertInstanceOf(Catalog.Sound.class, Catalog.read(longest, made));
        fits.resume(CatalogText.soa(made), made);
        assertEquals(1, Objects.requireNonNull(fits.publish(zones(A))).adds().size());
    }

    @Test
    void theCatalogDoesNotListItself() {
        assertNull(producer.publish(zones(APEX)));
    }

    @Test
    void longGroupsAreWrittenAsStringsOfOneRecord() {
        for (int length : new int[] {0, 1, 255, 256, 511}) {
            MemberProperties properties = MemberProperties.groups("g".repeat(length));
            var _ = publish(Map.of(A, properties));
            assertEquals(properties, member(A).properties());
            var _ = publish(zones());
        }
    }

    /// Every difference leads to the records of the new version, which list exactly the zones.
    @Test
    void randomBatchesGiveTheirDifferences() {
        Seeded run = Seeded.of("producer", 20_261_201, "batches", 300);
        SplittableRandom random = run.random();
        Map<Name, MemberProperties> zones = new TreeMap<>();
        Records before = producer.records();
        for (int i = 0; i < run.count(); i++) {
            for (int j = random.nextInt(5); j > 0; j--) {
                Name zone = Name.of("z%d.test.".formatted(random.nextInt(12)));
                List<String> groups = new ArrayList<>();
                for (int k = random.nextInt(3); k > 0; k--) {
                    groups.add("g" + random.nextInt(3));
                }
                Name coo = random.nextInt(4) == 0 ? Name.of("new.cat.") : null;
                if (random.nextInt(3) == 0) {
                    zones.remove(zone);
                } else {
                    zones.put(zone, new MemberProperties(groups, coo));
                }
            }
            IxfrStep step = producer.publish(zones);
            Records after = producer.records();
            if (step != null) {
                ZoneChanges.Outcome applied =
                        ZoneChanges.apply(before, CatalogText.soa(before), List.of(step));
                String message = "%s, batch %d".formatted(run, i);
                assertEquals(
                        new HashSet<>(after.list()),
                        new HashSet<>(
                                assertInstanceOf(
                                                ZoneChanges.Outcome.Applied.class, applied, message)
                                        .records()
                                        .list()),
                        message);
            }
            Map<Name, MemberProperties> listed = new TreeMap<>();
            read(after).forEach((zone, member) -> listed.put(zone, member.properties()));
            assertEquals(zones, listed, run::toString);
            before = after;
        }
    }
}
