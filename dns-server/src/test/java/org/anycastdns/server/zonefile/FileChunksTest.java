package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.anycastdns.server.zone.ParallelRunner;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/// A text that is read in pieces by several threads is read as it is in one go: the same records at
/// the same places, the same problems.
class FileChunksTest {

    private static final String SPICE = "()\";\\\n \t$@#.019AaIN\u00ff\u0000";

    // The origin itself, also spelled otherwise, and names below it.
    private static final String[] SUBS = {"example.com.", "EXAMPLE.com.", "sub", "sub2"};

    @RepeatedTest(300)
    void piecesAreReadAsTheWholeIs(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder("$TTL 300\n@ SOA @ @ 1 2 3 4 5\n@ NS ns\n");
        if (random.nextInt(3) == 0) {
            text.delete(0, 9);
        }
        for (int i = random.nextInt(100); i > 0; i--) {
            text.append(line(random, i));
        }
        for (int i = random.nextInt(3); i > 0 && random.nextBoolean(); i--) {
            int at = random.nextInt(text.length());
            text.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
        }
        same(seed, text.toString(), random.nextInt(10, 500));
    }

    private static String line(SplittableRandom random, int i) {
        return switch (random.nextInt(14)) {
            case 0 -> "n" + i + " 1h A 192.0.2.1\n";
            case 1 -> " TXT ( \"a (\"\nb ;c\nd" + i + " )\n";
            case 2 -> "; comment (\n\n";
            case 3 -> "n" + i + " TXT (\nn1 A\n192.0.2.1 ) \n";
            case 4 ->
                    random.nextInt(9) == 0
                            ? "$ORIGIN " + SUBS[i % SUBS.length] + "\n"
                            : "m MX 1 n\n";
            case 5 -> random.nextInt(9) == 0 ? "$TTL " + i + "\n" : "NS NS ns\r\n";
            case 6 -> random.nextInt(9) == 0 ? "n A 192.0.2.256\n" : "x\\" + "000 A 192.0.2.2\n";
            default -> "n" + i + " AAAA 2001:db8::" + i + "\n";
        };
    }

    private static void same(int seed, String text, int octets) {
        String whole = read(text, Integer.MAX_VALUE, ParallelRunner.ALONE);
        ParallelRunner many = (count, work) -> IntStream.range(0, count).parallel().forEach(work);
        assertEquals(
                whole,
                read(text, octets, many),
                () -> "seed " + seed + ", pieces of " + octets + ":\n" + text);
    }

    private static String read(String text, int octets, ParallelRunner runner) {
        ZoneFile file =
                ZoneFile.read(
                        Texts.ORIGIN,
                        "t.zone",
                        Texts.source(java.util.Map.of("t.zone", text)),
                        ReadRules.DEFAULT,
                        runner,
                        octets);
        List<String> lines = new ArrayList<>(Texts.lines(file.records()));
        for (int i = 0; i < lines.size(); i++) {
            lines.set(i, file.position(i) + " " + lines.get(i));
        }
        return String.join("\n", lines) + "\n" + Texts.problems(file);
    }

    @Test
    void piecesBeginWithOwnersAfterTheLastDirective() {
        byte[] text =
                "$TTL 1\na A 192.0.2.1\n b\n; c\nd A 192.0.2.2\ne A 192.0.2.3\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        List<Integer> starts = FileChunks.starts(text, 15);
        assertEquals(List.of(7, 28, 42, text.length), starts);
        assertTrue(FileChunks.starts(text, text.length).isEmpty());
    }
}
