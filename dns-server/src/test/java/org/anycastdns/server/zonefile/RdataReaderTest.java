package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.anycastdns.server.rdata.RdataReader;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zonefile.problem.Problems;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// What our own reader and dnsjava both read, they read as the same octets; what is usual, both
/// read.
class RdataReaderTest {

    private static final List<String> TYPES =
            List.of(
                    "A", "AAAA", "NS", "CNAME", "DS", "MX", "TXT", "SOA", "PTR", "SRV", "CAA",
                    "RRSIG", "NSEC", "NSEC3", "DNSKEY");

    /// Octets before the RDATA of a record of the root: NAME, TYPE, CLASS, TTL, RDLENGTH.
    private static final int HEADER_OCTETS = 11;

    private static final String SPICE = "()\"\\;. @-+:=0129aAfFgGzZ#\u00ff*/_\t";

    @RepeatedTest(300)
    void ordinaryDataIsReadAsDnsjavaReadsIt(RepetitionInfo repetition) throws IOException {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        for (String type : TYPES) {
            String data = data(random, type);
            String what = "seed " + repetition.getCurrentRepetition() + ": " + type + " " + data;
            byte[] ours =
                    Objects.requireNonNull(
                            ours(RecordType.of(type), data), () -> "not read, " + what);
            assertEquals(hex(dnsjavas(RecordType.of(type), data)), hex(ours), what);
        }
    }

    @RepeatedTest(300)
    void damagedDataThatBothReadIsTheSame(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        for (int i = 0; i < 20; i++) {
            // Data of one type under another is damage too.
            String type = TYPES.get(random.nextInt(TYPES.size()));
            String of = random.nextInt(8) == 0 ? TYPES.get(random.nextInt(TYPES.size())) : type;
            StringBuilder data = new StringBuilder(data(random, of));
            for (int j = random.nextInt(3); j >= 0; j--) {
                int at = random.nextInt(data.length() + 1);
                char c = SPICE.charAt(random.nextInt(SPICE.length()));
                switch (random.nextInt(3)) {
                    case 0 -> data.insert(at, c);
                    case 1 -> data.replace(at, Math.min(data.length(), at + 1), "" + c);
                    default -> data.delete(at, Math.min(data.length(), at + random.nextInt(5)));
                }
            }
            same(repetition.getCurrentRepetition(), RecordType.of(type), data.toString());
        }
    }

    private static void same(int seed, int type, String data) {
        String what = "seed " + seed + ": " + RecordType.name(type) + " " + data;
        byte[] ours = ours(type, data);
        if (ours != null) {
            byte[] dnsjavas;
            try {
                dnsjavas = dnsjavas(type, data);
            } catch (IOException | RuntimeException e) {
                // What only we read is for RecordTypesTest.
                return;
            }
            assertEquals(hex(dnsjavas), hex(ours), what);
        }
    }

    private static byte @Nullable [] ours(int type, String data) {
        byte[] text = (" " + data + "\n").getBytes(StandardCharsets.ISO_8859_1);
        Scanner entry = new Scanner("t.zone", text, new Problems());
        RdataReader reader = new RdataReader();
        reader.origin(Texts.ORIGIN);
        boolean read = entry.next() && reader.read(type, entry, 0);
        return read ? Arrays.copyOf(reader.octets(), reader.length()) : null;
    }

    /// By way of the scanner too: what it leaves out as comments and parentheses is none of RDATA.
    private static byte[] dnsjavas(int type, String data) throws IOException {
        byte[] text = (" " + data + "\n").getBytes(StandardCharsets.ISO_8859_1);
        Scanner entry = new Scanner("t.zone", text, new Problems());
        StringBuilder joined = new StringBuilder();
        assertTrue(entry.next());
        for (int i = 0; i < entry.count(); i++) {
            entry.append(i, joined);
            joined.append(' ');
        }
        org.xbill.DNS.Name origin = new org.xbill.DNS.Name(Texts.ORIGIN.wire());
        byte[] whole =
                Record.fromString(
                                org.xbill.DNS.Name.root,
                                type,
                                DClass.IN,
                                0,
                                joined.toString(),
                                origin)
                        .toWire(Section.ANSWER);
        return Arrays.copyOfRange(whole, HEADER_OCTETS, whole.length);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    // Data as it is usually written

    private static String data(SplittableRandom random, String type) {
        return switch (type) {
            case "A" ->
                    number(random, 8) + "." + number(random, 8) + "." + number(random, 8) + ".7";
            case "AAAA" -> ipv6(random);
            case "NS", "CNAME", "PTR" -> name(random);
            case "MX" -> number(random, 16) + " " + name(random);
            case "SRV" ->
                    number(random, 16)
                            + " "
                            + number(random, 16)
                            + " "
                            + number(random, 16)
                            + " "
                            + name(random);
            case "SOA" ->
                    name(random)
                            + " "
                            + name(random)
                            + " ( "
                            + number(random, 32)
                            + "\n 7200 900 ; retry\n 1209600 3600 )";
            case "TXT" -> string(random) + " word " + string(random);
            case "CAA" -> number(random, 8) + " issue " + string(random);
            case "DS" -> number(random, 16) + " 13 2 " + hex(octets(random, 32));
            case "DNSKEY" -> "257 3 13 " + base64(random, 64);
            case "RRSIG" ->
                    TYPES.get(random.nextInt(TYPES.size()))
                            + " 13 2 3600 2026%02d%02d%02d%02d%02d 20250228235959 "
                                    .formatted(
                                            random.nextInt(1, 13),
                                            random.nextInt(1, 29),
                                            random.nextInt(24),
                                            random.nextInt(60),
                                            random.nextInt(60))
                            + number(random, 16)
                            + " "
                            + name(random)
                            + " "
                            + base64(random, random.nextInt(1, 70));
            case "NSEC" -> name(random) + types(random);
            default ->
                    "1 1 "
                            + number(random, 16)
                            + (random.nextBoolean() ? " - " : " " + hex(octets(random, 4)) + " ")
                            + new org.xbill.DNS.utils.base32(
                                            org.xbill.DNS.utils.base32.Alphabet.BASE32HEX,
                                            false,
                                            random.nextBoolean())
                                    .toString(octets(random, 20))
                            + types(random);
        };
    }

    private static String types(SplittableRandom random) {
        StringBuilder types = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            types.append(' ').append(TYPES.get(random.nextInt(TYPES.size())));
        }
        return types.toString();
    }

    private static String base64(SplittableRandom random, int count) {
        String text = Base64.getEncoder().encodeToString(octets(random, count));
        int half = text.length() / 2;
        return random.nextBoolean() ? text : text.substring(0, half) + " " + text.substring(half);
    }

    private static byte[] octets(SplittableRandom random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    private static long number(SplittableRandom random, int bits) {
        return random.nextLong(1L << random.nextInt(bits + 1));
    }

    private static String ipv6(SplittableRandom random) {
        String head = "2001:db8:" + Integer.toHexString(random.nextInt(0x10000));
        return switch (random.nextInt(4)) {
            case 0 -> head + "::";
            case 1 -> "::" + Integer.toHexString(random.nextInt(0x10000));
            case 2 -> head + ":0:00:000:0000:A";
            default -> head + "::1:" + Integer.toHexString(random.nextInt(0x10000));
        };
    }

    private static String name(SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            for (int j = random.nextInt(1, 20); j > 0; j--) {
                name.append(character(random));
            }
            name.append('.');
        }
        name.setLength(name.length() - random.nextInt(2));
        return switch (random.nextInt(20)) {
            case 0 -> "@";
            case 1 -> ".";
            default -> name.toString();
        };
    }

    private static String character(SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0 -> "\\%03d".formatted(random.nextInt(256));
            case 1 -> "\\" + ".$;()\"@\\".charAt(random.nextInt(8));
            case 2 -> "" + (char) random.nextInt('A', 'Z' + 1);
            default -> "" + (char) random.nextInt('a', 'z' + 1);
        };
    }

    private static String string(SplittableRandom random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append(random.nextInt(9) == 0 ? ";( )\u00e4".charAt(random.nextInt(5)) : 'x');
            text.append(random.nextInt(20) == 0 ? character(random) : "");
        }
        return text.append('"').toString();
    }
}
