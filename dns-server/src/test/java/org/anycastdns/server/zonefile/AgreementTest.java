package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zonefile.problem.Problems;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Our reader and dnsjava's own find the same records in the same text, and nothing stops ours. The
/// timeout is for a reader that does not end, no measure of its speed.
@Timeout(120)
class AgreementTest {

    private static final List<String> TYPES =
            List.of("A", "AAAA", "NS", "MX", "TXT", "SRV", "CAA", "NAPTR", "SOA", "TYPE65280");

    @Test
    void theRootZoneOf2026IsReadWithoutProblems() throws IOException {
        same(Name.ROOT, Texts.resource("/root/root.zone.gz"), 22_094);
    }

    @Test
    void theSignedRootZoneOf2011IsReadWithoutProblems() throws IOException {
        same(Name.ROOT, Texts.resource("/root/root-2011-signed.zone.gz"), 3_979);
    }

    private static void same(Name origin, String text, int count) throws IOException {
        // The root zone here lacks signatures, so that its ZONEMD digest is another one's.
        ReadRules rules = ReadRules.DEFAULT.with(ZonemdPolicy.IGNORE);
        Source source = _ -> new Source.Content.Text(text);
        ZoneFile file = ZoneFile.read(origin, "root.zone", source, rules, ParallelRunner.ALONE);
        assertEquals("", Texts.problems(file));
        assertEquals(count, file.records().size());
        assertEquals(
                String.join("\n", byDnsjava(text, org.xbill.DNS.Name.root)),
                String.join("\n", Texts.lines(file.records())));
        assertEquals(count, file.zone(1).recordCount());
    }

    private static List<String> byDnsjava(String text, org.xbill.DNS.Name origin)
            throws IOException {
        List<String> lines = new ArrayList<>();
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        try (Master master = new Master(new ByteArrayInputStream(octets), origin)) {
            for (Record record = master.nextRecord();
                    record != null;
                    record = master.nextRecord()) {
                lines.add(Texts.line(record));
            }
        }
        return lines;
    }

    @RepeatedTest(200)
    void aRandomZoneIsReadAsDnsjavaReadsIt(RepetitionInfo repetition) throws IOException {
        int seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder("$TTL 3600\n");
        org.xbill.DNS.Name origin = org.xbill.DNS.Name.fromString("example.com.");
        org.xbill.DNS.Name last = origin;
        for (int i = random.nextInt(1, 40); i > 0; i--) {
            boolean same = random.nextInt(3) == 0 && i > 1 && text.length() > 20;
            org.xbill.DNS.Name owner = same ? last : name(random, origin);
            append(random, text, same ? "" : owner.relativize(origin).toString(), origin);
            last = owner;
        }
        ZoneFile file =
                ZoneFile.read(
                        Texts.ORIGIN, "t.zone", _ -> new Source.Content.Text(text.toString()));
        assertEquals(
                String.join("\n", byDnsjava(text.toString(), origin)),
                String.join("\n", Texts.lines(file.records())),
                () -> "seed " + seed + "\n" + text + Texts.problems(file));
    }

    /// A record as dnsjava writes it, in one of the layouts that mean the same.
    private static void append(
            SplittableRandom random, StringBuilder text, String owner, org.xbill.DNS.Name origin)
            throws IOException {
        int type = Type.value(TYPES.get(random.nextInt(TYPES.size())));
        Record record =
                Record.fromString(
                        origin, type, DClass.IN, 0, data(random, Type.string(type)), origin);
        String data = record.rdataToString();
        String head =
                switch (random.nextInt(4)) {
                    case 0 -> " IN 300 ";
                    case 1 -> " 1h IN ";
                    case 2 -> "\t";
                    default -> " (\n IN ; comment ( \"\n ) ";
                };
        boolean splits = data.indexOf('"') < 0 && data.indexOf('\\') < 0 && random.nextBoolean();
        text.append(owner)
                .append(head)
                .append(Type.string(type))
                .append(splits ? " ( " + data.replace(" ", "\n\t") + " ) ;" : " " + data)
                .append(random.nextBoolean() ? "\n" : " ; comment\n\n");
    }

    private static String data(SplittableRandom random, String type) throws IOException {
        org.xbill.DNS.Name host = name(random, org.xbill.DNS.Name.root);
        int small = random.nextInt(0x10000);
        return switch (type) {
            case "A" -> "192.0.2." + random.nextInt(256);
            case "AAAA" -> "2001:db8::" + Integer.toHexString(small);
            case "NS" -> host.toString();
            case "MX" -> small + " " + host;
            case "TXT" -> string(random) + " " + string(random);
            case "SRV" -> small + " 1 2 " + host;
            case "CAA" -> "0 issue " + string(random);
            case "NAPTR" -> small + " 1 \"u\" " + string(random) + " \"\" " + host;
            case "SOA" -> host + " " + host + " " + small + " 1 2 3 4";
            default -> "\\# 2 " + "%04x".formatted(small);
        };
    }

    private static String string(SplittableRandom random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append("\\%03d".formatted(random.nextInt(256)));
        }
        return text.append('"').toString();
    }

    private static org.xbill.DNS.Name name(SplittableRandom random, org.xbill.DNS.Name origin)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            text.append(text.isEmpty() ? "" : ".");
            for (int j = random.nextInt(1, 9); j > 0; j--) {
                text.append("\\%03d".formatted(random.nextInt(256)));
            }
        }
        return org.xbill.DNS.Name.fromString(text.toString(), origin);
    }

    @RepeatedTest(300)
    void randomOctetsNeverThrow(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] octets = new byte[random.nextInt(4_096)];
        random.nextBytes(octets);
        readable(seed, new String(octets, StandardCharsets.ISO_8859_1));
    }

    @RepeatedTest(300)
    void aDamagedZoneNeverThrows(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(Texts.resource("/scenario/rfc1034/root.zone"));
        text.append("$INCLUDE t.zone\n$GENERATE 1-9 a$ A 192.0.2.$\nx TXT \"a\" \\# 1 00\n");
        String spice = "()\";\\\n \t$@#.019AaIN\u00ff\u0000";
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            int at = random.nextInt(text.length());
            char c = spice.charAt(random.nextInt(spice.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.setCharAt(at, c);
                default -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
            }
            text.append(text.isEmpty() ? " " : "");
        }
        readable(seed, text.toString());
    }

    private static void readable(int seed, String text) {
        try {
            ZoneFile file = ZoneFile.read(Name.ROOT, "t.zone", _ -> new Source.Content.Text(text));
            if (!file.hasErrors()) {
                file.zone(1);
            }
            assertTrue(file.problems().size() <= Problems.PROBLEMS_MAX + 1);
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + text, e);
        }
    }

    @Test
    void manyOpenParenthesesEndSoon() {
        String text = "x (\n".repeat(400_000);
        ZoneFile file = ZoneFile.read(Name.ROOT, "t.zone", _ -> new Source.Content.Text(text));
        assertEquals(Scanner.UNCLOSED_MAX, file.problems().size());
        assertEquals(
                "t.zone:8:3: error: this entry is longer than 524288 characters: a ')' may be"
                        + " missing; there are too many of these, so reading ends here",
                file.problems().getLast().toString());
    }
}
