package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.server.zonefile.MasterFileWriter.OwnerForm;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Master files that are written have the records that they were written from.
class MasterFileWriterTest {

    private static final Seeded ZONES = Seeded.of("export", 20261203, "zones", 60);

    /// Records of all types: the data, and the texts that it was read from.
    private static final List<String[]> TYPES =
            Texts.resource("/rdata/read.txt").lines().map(line -> line.split("\t", 2)).toList();

    private static String written(Name zone, Records records, OwnerForm form) {
        StringBuilder text = new StringBuilder();
        try {
            MasterFileWriter.write(zone, records, form, text);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return text.toString();
    }

    private static void assertReadAgain(Name zone, Records records, OwnerForm form, String what) {
        String text = written(zone, records, form);
        ZoneFile file = ZoneFile.read(zone, "t.zone", _ -> new Source.Content.Text(text));
        assertEquals(
                Texts.lines(records.list()).stream().sorted().toList(),
                Texts.lines(file.records()).stream().sorted().toList(),
                () -> what + "\n" + Texts.problems(file));
        List<Name> owners = file.records().stream().map(ResourceRecord::owner).toList();
        assertEquals(owners.stream().sorted().toList(), owners, what);
    }

    @ParameterizedTest
    @EnumSource
    void aZoneIsReadable(OwnerForm form) {
        ZoneFile file =
                Texts.read(
                        """
                        $TTL 3600
                        b.sub 60 A 192.0.2.2
                        @ NS ns
                        @ SOA ns hostmaster 1 2 3 4 5
                        ns A 192.0.2.1
                        ns AAAA 2001:db8::1
                        @ TXT "a b" c
                        NS.Example.com. MX 10 ns
                        x TYPE65280 \\# 2 abcd
                        """);
        Records records = new Records();
        file.records().forEach(record -> records.add(record, 0));
        String absolute =
                """
                example.com.	3600	IN	SOA	ns.example.com. hostmaster.example.com. 1 2 3 4 5
                	3600	IN	NS	ns.example.com.
                	3600	IN	TXT	"a b" "c"
                ns.example.com.	3600	IN	A	192.0.2.1
                NS.Example.com.	3600	IN	MX	10 ns.example.com.
                ns.example.com.	3600	IN	AAAA	2001:db8::1
                b.sub.example.com.	60	IN	A	192.0.2.2
                x.example.com.	3600	IN	TYPE65280	\\# 2 abcd
                """;
        String relative =
                """
                $ORIGIN example.com.
                @	3600	IN	SOA	ns.example.com. hostmaster.example.com. 1 2 3 4 5
                	3600	IN	NS	ns.example.com.
                	3600	IN	TXT	"a b" "c"
                ns	3600	IN	A	192.0.2.1
                NS.Example.com.	3600	IN	MX	10 ns.example.com.
                ns	3600	IN	AAAA	2001:db8::1
                b.sub	60	IN	A	192.0.2.2
                x	3600	IN	TYPE65280	\\# 2 abcd
                """;
        assertEquals(
                form == OwnerForm.ABSOLUTE ? absolute : relative,
                written(Texts.ORIGIN, records, form));
        assertReadAgain(Texts.ORIGIN, records, form, "");
    }

    @ParameterizedTest
    @EnumSource
    void theRootZoneIsReadAgain(OwnerForm form) {
        ZoneFile file =
                ZoneFile.read(
                        Name.ROOT,
                        "root.zone",
                        _ -> new Source.Content.Text(Texts.resource("/root/root.zone.gz")));
        Records records = new Records();
        file.records().forEach(record -> records.add(record, 0));
        assertReadAgain(Name.ROOT, records, form, "");
    }

    /// Each type as the table has it, and changed where that is still valid, under odd names.
    @ParameterizedTest
    @EnumSource
    void recordsOfAllTypesAreReadAgain(OwnerForm form) {
        SplittableRandom random = ZONES.random();
        int count = 0;
        for (int i = 0; i < ZONES.count(); i++) {
            Name zone = random.nextInt(8) == 0 ? Name.ROOT : Texts.ORIGIN;
            Records records = new Records();
            for (String[] row : TYPES) {
                int type = RecordType.of(row[0].split(" ", 2)[0]);
                byte[] rdata = HexFormat.of().parseHex(row[1]);
                if (i > 0 && rdata.length > 0) {
                    rdata[random.nextInt(rdata.length)] ^= (byte) random.nextInt(256);
                }
                if (Rdata.objection(type, rdata, 0, rdata.length) == null) {
                    int ttl = random.nextInt(Integer.MAX_VALUE);
                    Name owner = owner(random, zone, records.size());
                    records.add(new ResourceRecord(owner, type, ttl, rdata), 0);
                    count++;
                }
            }
            assertReadAgain(zone, records, form, "seed %d, zone %d".formatted(ZONES.seed(), i));
        }
        assertTrue(count > ZONES.count() * 50, "records: " + count);
    }

    /// A name of its own, with a number and octets of all kinds.
    private static Name owner(SplittableRandom random, Name zone, int number) {
        List<String> labels = new ArrayList<>();
        labels.add("%d%s".formatted(number, random.nextBoolean() ? "n" : "N"));
        for (int i = random.nextInt(3); i > 0; i--) {
            StringBuilder label = new StringBuilder();
            for (int j = random.nextInt(1, 5); j > 0; j--) {
                label.append("\\%03d".formatted(random.nextInt(256)));
            }
            labels.add(random.nextInt(labels.size() + 1), label.toString());
        }
        boolean other = random.nextInt(10) == 0 && !zone.isRoot();
        return Name.of(String.join(".", labels), other ? Name.of("EXAMPLE.com.") : zone);
    }
}
