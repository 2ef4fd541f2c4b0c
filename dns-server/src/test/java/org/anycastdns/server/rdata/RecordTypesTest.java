package org.anycastdns.server.rdata;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.anycastdns.server.wire.RecordType;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// Each type of the table by texts and the octets that they stand for. The octets of
/// `/rdata/read.txt` are those that BIND makes of these texts, but for the few texts that it does
/// not read; `/rdata/refused.txt` has what is wrong with other texts.
class RecordTypesTest {

    /// Types that IANA lists for zones and that have no text form but \#.
    private static final Set<String> WITHOUT_TEXT = Set.of("NULL", "UINFO", "UID", "GID", "UNSPEC");

    private static final HexFormat HEX = HexFormat.of();
    private static final List<String[]> READ = Lines.table("/rdata/read.txt");

    private static List<String> texts(List<String[]> rows) {
        return rows.stream().map(row -> row[0]).toList();
    }

    @Test
    void eachTextIsReadAsTheOctetsThatItStandsFor() {
        Lines.Result result = Lines.read(texts(READ));
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < READ.size(); i++) {
            byte[] rdata = result.rdata().get(i);
            expected.add(READ.get(i)[0] + " = " + READ.get(i)[1]);
            found.add(
                    READ.get(i)[0]
                            + " = "
                            + (rdata == null ? result.errors().get(i) : HEX.formatHex(rdata)));
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    @Test
    void whatIsWrongNamesTheTypeTheFieldAndWhatIsExpected() {
        List<String[]> rows = Lines.table("/rdata/refused.txt");
        Lines.Result result = Lines.read(texts(rows));
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            expected.add(rows.get(i)[0] + " -> " + rows.get(i)[1]);
            found.add(rows.get(i)[0] + " -> " + result.errors().getOrDefault(i, "read"));
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    @Test
    void everyTypeHasARowAndACase() {
        Set<String> cases = new TreeSet<>();
        READ.forEach(row -> cases.add(row[0].split(" ", 2)[0]));
        Set<String> missing = new TreeSet<>();
        for (int type = 1; type <= 0xffff; type++) {
            String name = RecordType.name(type);
            boolean known = !name.startsWith("TYPE") && !RecordType.isMeta(type);
            if (known && !cases.contains(name)) {
                missing.add(name + " has no case");
            }
            boolean hasText = RecordTypes.fields(type).length > 0;
            if (known && hasText == WITHOUT_TEXT.contains(name)) {
                missing.add(name + " has no row");
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void textOfOctetsIsReadAsTheSameOctets() {
        List<String> texts = new ArrayList<>();
        for (String[] row : READ) {
            int type = RecordType.of(row[0].split(" ", 2)[0]);
            byte[] rdata = HEX.parseHex(row[1]);
            assertNull(Rdata.objection(type, rdata, 0, rdata.length), row[0]);
            texts.add(RecordType.name(type) + ' ' + Rdata.text(type, rdata, 0, rdata.length));
        }
        Lines.Result result = Lines.read(texts);
        for (int i = 0; i < texts.size(); i++) {
            String what = READ.get(i)[0] + " -> " + texts.get(i) + " " + result.errors().get(i);
            byte[] rdata = requireNonNull(result.rdata().get(i), what);
            assertEquals(READ.get(i)[1], HEX.formatHex(rdata), what);
        }
    }

    @RepeatedTest(100)
    void theCheckIsTotalAndWhatItLetsThroughHasAText(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        List<String> texts = new ArrayList<>();
        List<String> octets = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String[] row = READ.get(random.nextInt(READ.size()));
            int type = RecordType.of(row[0].split(" ", 2)[0]);
            byte[] rdata = damaged(random, HEX.parseHex(row[1]));
            byte[] within = new byte[rdata.length + 7];
            random.nextBytes(within);
            System.arraycopy(rdata, 0, within, 3, rdata.length);
            String objection = Rdata.objection(type, within, 3, 3 + rdata.length);
            texts.add(RecordType.name(type) + ' ' + Rdata.text(type, within, 3, 3 + rdata.length));
            octets.add(objection == null ? HEX.formatHex(rdata) : "refused");
            byte[] canonical = within.clone();
            Rdata.canonical(type, canonical, 3, 3 + rdata.length);
            assertEquals(within.length, canonical.length);
        }
        Lines.Result result = Lines.read(texts);
        for (int i = 0; i < texts.size(); i++) {
            byte[] rdata = result.rdata().get(i);
            assertEquals(
                    octets.get(i),
                    rdata == null ? "refused" : HEX.formatHex(rdata),
                    "seed " + seed + ": " + texts.get(i) + " " + result.errors().get(i));
        }
    }

    /// Random octets, or sound ones with some of them changed, left out or doubled.
    private static byte[] damaged(SplittableRandom random, byte[] sound) {
        if (random.nextInt(4) == 0) {
            byte[] octets = new byte[random.nextInt(40)];
            random.nextBytes(octets);
            return octets;
        }
        StringBuilder hex = new StringBuilder(HEX.formatHex(sound));
        for (int i = random.nextInt(4); i > 0 && !hex.isEmpty(); i--) {
            int at = 2 * random.nextInt(hex.length() / 2);
            String octet = "%02x".formatted(random.nextInt(256));
            switch (random.nextInt(3)) {
                case 0 -> hex.insert(at, octet);
                case 1 -> hex.replace(at, at + 2, octet);
                default -> hex.delete(at, at + 2);
            }
        }
        return HEX.parseHex(hex);
    }

    @RepeatedTest(50)
    void damagedTextIsRefusedOrReadAsSoundOctets(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        String spice = "\\\".@ -+:=,/!#0129aFgZ*_|";
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            StringBuilder text = new StringBuilder(READ.get(random.nextInt(READ.size()))[0]);
            int data = text.indexOf(" ") + 1;
            for (int j = random.nextInt(4); j > 0 && data > 0; j--) {
                int at = random.nextInt(data, text.length() + 1);
                char c = spice.charAt(random.nextInt(spice.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.replace(at, Math.min(text.length(), at + 1), "" + c);
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(4)));
                }
            }
            texts.add(text.toString());
        }
        Lines.Result result = Lines.read(texts);
        for (int i = 0; i < texts.size(); i++) {
            byte[] rdata = result.rdata().get(i);
            Integer type = result.types().get(i);
            if (rdata != null && type != null) {
                assertNull(
                        Rdata.objection(type, rdata, 0, rdata.length),
                        "seed " + seed + ": " + texts.get(i));
            }
        }
    }

    @Test
    void parametersInAliasModeAreKeptAndWarnedOf() {
        Lines.Result result = Lines.read(List.of("HTTPS 0 other alpn=h2", "HTTPS 1 . key65535=a"));
        assertEquals(
                "a record in alias mode (priority 0) has parameters, which clients ignore (RFC"
                        + " 9460 section 2.4.2)",
                result.warnings().get(0));
        assertEquals(
                "key65535 is reserved: no client uses it (RFC 9460 section 14.3.2)",
                result.warnings().get(1));
    }

    @Test
    void canonicalFormHasTheNamesOfTheOldTypesInLowerCase() {
        String lowered =
                "NS MD MF CNAME SOA MB MG MR PTR MINFO MX RP AFSDB RT SIG PX NXT NAPTR KX SRV"
                        + " DNAME A6 RRSIG";
        Set<String> found = new TreeSet<>();
        for (String[] row : Lines.table("/rdata/canonical.txt")) {
            String type = row[0].split(" ", 2)[0];
            byte[] rdata = requireNonNull(Lines.read(List.of(row[0])).rdata().get(0), row[0]);
            byte[] canonical = rdata.clone();
            Rdata.canonical(RecordType.of(type), canonical, 0, canonical.length);
            assertEquals(row[1], Rdata.text(RecordType.of(type), canonical, 0, canonical.length));
            if (!HEX.formatHex(rdata).equals(HEX.formatHex(canonical))) {
                found.add(type);
            }
        }
        assertEquals(new TreeSet<>(List.of(lowered.split(" "))), found);
    }
}
