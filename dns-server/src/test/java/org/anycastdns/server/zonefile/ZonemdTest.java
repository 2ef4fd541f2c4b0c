package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Zones verified by their ZONEMD records (RFC 8976).
class ZonemdTest {

    private static final String SOA = "@ SOA ns1 hostmaster 7 3600 600 86400 300\n";
    private static final String HEAD = "$TTL 300\n" + SOA + "@ NS ns1\nns1 A 192.0.2.1\n";

    private static final String SHA384 = digest(HEAD, "SHA-384");

    private static final String SHA512 = digest(HEAD, "SHA-512");

    private static ZoneFile read(Name origin, String text, ZonemdPolicy policy) {
        return ZoneFile.read(
                origin,
                "t.zone",
                Texts.source(Map.of("t.zone", text)),
                ReadRules.DEFAULT.with(policy),
                ParallelRunner.ALONE);
    }

    private static String result(String zonemd, ZonemdPolicy policy) {
        ZoneFile file = read(Texts.ORIGIN, HEAD + zonemd, policy);
        return file.zonemd() + "\n" + Texts.problems(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple.example",
                "complex.example",
                "multiple.example",
                "uri.arpa",
                "root-servers.net"
            })
    void theZonesOfTheRfcAreVerified(String name) {
        Name origin =
                Name.of(
                        name.substring(name.indexOf('.') + 1).equals("example")
                                ? "example."
                                : name);
        String text = Texts.resource("/zonemd/" + name + ".zone");
        ZoneFile file = read(origin, text, ZonemdPolicy.VERIFY);
        assertEquals(ZonemdStatus.VERIFIED, file.zonemd(), Texts.problems(file));
    }

    @Test
    void anythingElseThanTheZoneIsAMismatch() {
        String text = Texts.resource("/zonemd/root-servers.net.zone");
        List<String> lines = text.lines().toList();
        long seed = 8976;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            int line = random.nextInt(2, lines.size() - 1);
            List<String> changed = new ArrayList<>(lines);
            switch (random.nextInt(3)) {
                case 0 -> changed.remove(line);
                case 1 -> changed.set(line, lines.get(line).replace(" 3600000 IN", " 3600001 IN"));
                default -> changed.set(line, lines.get(line) + "\nx." + lines.get(line));
            }
            Name origin = Name.of("root-servers.net.");
            String zone = String.join("\n", changed) + "\n";
            ZoneFile file = read(origin, zone, ZonemdPolicy.WARN);
            assertEquals(ZonemdStatus.MISMATCH, file.zonemd(), "seed " + seed + "\n" + zone);
        }
    }

    @Test
    void oneDigestThatMatchesIsEnough() {
        String wrong = "@ ZONEMD 7 1 1 " + "00".repeat(48) + "\n";
        String right = "@ ZONEMD 7 1 2 " + SHA512 + "\n";
        String unknown = "@ ZONEMD 7 1 240 " + "00".repeat(16) + "\n";
        assertEquals("VERIFIED\n", result(right, ZonemdPolicy.VERIFY));
        assertEquals("VERIFIED\n", result(wrong + unknown + right, ZonemdPolicy.VERIFY));
        // The same record twice is one record.
        assertEquals(
                "VERIFIED\nt.zone:6:1: warning: this record is already there, at t.zone:5:1",
                result(right + right, ZonemdPolicy.VERIFY));
    }

    @Test
    void whetherAMismatchIsAnErrorIsForTheOperatorToSay() {
        String text =
                "the zone does not match its ZONEMD digest: it was changed or damaged after the"
                        + " digest was made; the zone's SHA-384 is "
                        + SHA384;
        String wrong = "@ ZONEMD 7 1 1 " + "00".repeat(48) + "\n";
        assertEquals("MISMATCH\nt.zone:5:1: error: " + text, result(wrong, ZonemdPolicy.VERIFY));
        assertEquals("MISMATCH\nt.zone:5:1: warning: " + text, result(wrong, ZonemdPolicy.WARN));
        assertEquals("UNCHECKED\n", result(wrong, ZonemdPolicy.IGNORE));
        assertEquals("ABSENT\n", result("", ZonemdPolicy.VERIFY));
        assertEquals("ABSENT\n", result("sub ZONEMD 7 1 1 " + SHA384, ZonemdPolicy.VERIFY));
    }

    @Test
    void aDigestOfAnotherSerialDoesNotVerify() {
        assertEquals(
                "MISMATCH\nt.zone:5:1: warning: ZONEMD has serial 4294967295 but the SOA record"
                        + " has 7: make a new digest with every change",
                result("@ ZONEMD 4294967295 1 1 " + SHA384 + "\n", ZonemdPolicy.WARN));
    }

    @Test
    void unknownSchemesAndHashAlgorithmsCannotBeVerified() {
        assertEquals(
                """
                UNSUPPORTED
                t.zone:5:1: error: ZONEMD hash algorithm 240 cannot be verified: only 1, SHA-384, and 2, SHA-512, are known
                t.zone:6:1: error: ZONEMD scheme 241 cannot be verified: only 1, SIMPLE, is known\
                """,
                result(
                        """
                        @ ZONEMD 7 1 240 e2d523f654b9422a96c5a8f44607bbee
                        @ ZONEMD 7 241 1 %s
                        """
                                .formatted(SHA384),
                        ZonemdPolicy.VERIFY));
    }

    @Test
    void ofTwoRecordsWithOneSchemeAndHashAlgorithmNoneCounts() {
        String text =
                "warning: there are ZONEMD records with the same scheme 1 and hash algorithm 1:"
                        + " none of them counts (RFC 8976 section 2)";
        assertEquals(
                "UNSUPPORTED\nt.zone:5:1: " + text + "\nt.zone:6:1: " + text,
                result(
                        "@ ZONEMD 7 1 1 " + SHA384 + "\n@ ZONEMD 7 1 1 " + "00".repeat(48) + "\n",
                        ZonemdPolicy.WARN));
    }

    @Test
    void aZoneWithErrorsIsNotVerified() {
        assertEquals(
                "UNCHECKED\nt.zone:6:5: error: A address: expected an IPv4 address such as"
                        + " 192.0.2.1, not '192.0.2.999'",
                result("@ ZONEMD 7 1 1 " + SHA384 + "\nx A 192.0.2.999\n", ZonemdPolicy.VERIFY));
    }

    /// Every zone is digested here once more, with dnsjava's canonical form of each record.
    @Test
    void randomZonesAreDigestedAsByOthers() {
        for (long seed = 0; seed < 200; seed++) {
            List<String> lines = randomLines(new SplittableRandom(seed));
            String head = "$TTL 300\n" + SOA;
            String zone = head + String.join("\n", lines) + "\n";
            String zonemd =
                    "@ ZONEMD 7 1 1 %s\n@ ZONEMD 7 1 2 %s\n"
                            .formatted(
                                    seed % 2 == 0 ? digest(zone, "SHA-384") : "00".repeat(48),
                                    seed % 2 == 1 ? digest(zone, "SHA-512") : "00".repeat(64));
            Collections.shuffle(lines, new Random(seed));
            String text = head + zonemd + String.join("\n", lines) + "\n";
            ZoneFile file = read(Texts.ORIGIN, text, ZonemdPolicy.VERIFY);
            assertEquals(
                    ZonemdStatus.VERIFIED,
                    file.zonemd(),
                    "seed " + seed + "\n" + Texts.problems(file) + "\n" + text);
        }
    }

    /// Lines of many types over few names, in mixed case, some of them twice.
    private static List<String> randomLines(SplittableRandom random) {
        List<String> lines = new ArrayList<>(List.of("@ NS ns1", "ns1 A 192.0.2.1"));
        List<String> data =
                List.of(
                        "A 192.0.2.%d",
                        "AAAA 2001:db8::%d",
                        "NS Ns%d.Example.NET.",
                        "MX 10 MAIL%d",
                        "TXT \"Text %d\"",
                        "SRV 0 0 %d Host",
                        "PTR A%d.B",
                        "NAPTR 1 %d \"U\" \"E2U+sip\" \"!^.*$!sip:A@b!\" Repl.Example.",
                        "RP Mbox%d Txt.Example.COM.",
                        "KX 1 KX%d",
                        "AFSDB 1 AFS%d",
                        "RT 1 RT%d",
                        "PX %d Map822 MapX400",
                        "HTTPS %d svc.example. alpn=h2",
                        "CAA %d issue \"CA.example\"",
                        "TYPE65280 \\# 2 41%02d",
                        "NSEC Next%d.Example.com. A NSEC",
                        "RRSIG ZONEMD 13 2 300 20370101000000 20260101000000 %d Example.COM. AAAA",
                        "RRSIG A 13 2 300 20370101000000 20260101000000 %d Example.COM. AAAA");
        List<String> names =
                List.of("@", "a", "B", "*.a", "a.b", "A.a.b", "\\000x", "sub", "x.SUB");
        int count = random.nextInt(1, 40);
        for (int i = 0; i < count; i++) {
            String name = names.get(random.nextInt(names.size()));
            String line =
                    name
                            + " "
                            + data.get(random.nextInt(data.size()))
                                    .formatted(random.nextInt(10, 40));
            lines.add(line);
            if (random.nextInt(6) == 0) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static String digest(String zone, String algorithm) {
        try {
            org.xbill.DNS.Name origin = org.xbill.DNS.Name.fromString("example.com.");
            Comparator<byte[]> octets = Arrays::compareUnsigned;
            Map<org.xbill.DNS.Name, Map<Integer, TreeMap<byte[], byte[]>>> sorted = new TreeMap<>();
            for (String line : zone.lines().filter(each -> !each.startsWith("$")).toList()) {
                String[] words = line.split(" ", 3);
                Record record =
                        Record.fromString(
                                org.xbill.DNS.Name.fromString(words[0], origin),
                                Type.value(words[1]),
                                DClass.IN,
                                300,
                                words[2],
                                origin);
                boolean excluded =
                        record.getName().equals(origin)
                                && record instanceof RRSIGRecord signature
                                && signature.getTypeCovered() == Type.value("ZONEMD");
                if (!excluded) {
                    byte[] wire = record.toWireCanonical();
                    int head = record.getName().length() + 10;
                    sorted.computeIfAbsent(record.getName(), _ -> new TreeMap<>())
                            .computeIfAbsent(record.getType(), _ -> new TreeMap<>(octets))
                            .put(Arrays.copyOfRange(wire, head, wire.length), wire);
                }
            }
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            sorted.values()
                    .forEach(types ->
                            new TreeMap<>(types)
                                    .values()
                                    .forEach(set -> set.values().forEach(digest::update)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(zone, e);
        }
    }
}
