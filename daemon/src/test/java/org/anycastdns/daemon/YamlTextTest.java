package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.anycastdns.daemon.YamlText.Outcome;
import org.anycastdns.testkit.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Whatever a configuration file holds, it is a tree of bounded size or a problem with its place.
@Timeout(120)
class YamlTextTest {

    private static final int FUZZ_ROUNDS = 20_000;

    @TempDir private Path folder;

    private static Outcome.Problem problem(String text) {
        return assertInstanceOf(Outcome.Problem.class, YamlText.parse("a.yaml", text));
    }

    private static Node tree(String text) {
        return assertInstanceOf(Outcome.Tree.class, YamlText.parse("a.yaml", text))
                .root()
                .orElseThrow();
    }

    private Outcome read(byte[] octets) throws IOException {
        return YamlText.read(Files.write(folder.resolve("a.yaml"), octets));
    }

    @Test
    void deepNestingIsAProblemWithItsPlace() {
        assertEquals(
                new Outcome.Problem(2, 37, "is nested deeper than 32 levels"),
                problem("a: 1\nkey: " + "[".repeat(500_000)));
        assertEquals(
                new Outcome.Problem(1, 65, "is nested deeper than 32 levels"),
                problem("- ".repeat(500_000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[", "{", "{a: ", "[{a: ", "- ", "? ", "- ? ", "[? ", "a: &a [", "!!a ["})
    void everyKindOfNestingIsBounded(String opening) {
        Outcome.Problem problem = problem(opening.repeat(100_000));
        assertTrue(problem.line() > 0 && problem.column() > 0, problem::toString);
    }

    @Test
    void whatIsNestedAsDeepAsAllowedIsRead() {
        assertInstanceOf(SequenceNode.class, tree("[".repeat(32) + "]".repeat(32)));
        assertEquals(33, problem("[".repeat(33) + "]".repeat(33)).column());
    }

    @Test
    void aliasesRepeatWhatTheyNameWithinTheBoundOfTheWhole() {
        MappingNode two = (MappingNode) tree("a: &x [1, 2]\nb: *x\nc: &y 3\nd: *y\n");
        assertEquals(4, two.getValue().size());
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        Outcome.Problem problem = problem(bomb.toString());
        assertEquals(
                "has more than 100,000 keys and values, repeated ones included", problem.text());
        assertEquals(5, problem.line());
    }

    @Test
    void anAliasOfWhatItIsInsideOfIsAProblem() {
        assertEquals(1, problem("a: &a [*a]").line());
        assertEquals(8, problem("a: &a [*a]").column());
        assertEquals(2, problem("a: 1\nb: *nowhere").line());
    }

    @Test
    void charactersThatNoTextHasAreNamed() throws IOException {
        assertEquals(
                new Outcome.Problem(2, 4, "U+0000 is not allowed in a text file"),
                problem("a: 1\nb: \u0000"));
        assertEquals(
                new Outcome.Problem(2, 5, "is not text in UTF-8"),
                read(new byte[] {'a', ':', '1', '\n', 'b', ':', ' ', 'x', (byte) 0xff, 'y'}));
        assertEquals(
                new Outcome.Problem(1, 4, "is not text in UTF-8"),
                read(new byte[] {'a', ':', ' ', (byte) 0xc3}));
    }

    @Test
    void aGiantFileIsNotReadToItsEnd() throws IOException {
        Outcome outcome = YamlText.read(Path.of("/dev/zero"));
        String text = assertInstanceOf(Outcome.Problem.class, outcome).text();
        assertTrue(text.startsWith("is larger than 1048576 octets"), text);
    }

    @Test
    void aPipeIsReadToItsEnd() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertEquals(
                0,
                Program.run(
                                java.time.Duration.ofSeconds(10),
                                java.util.List.of("mkfifo", pipe.toString()))
                        .awaitExit(java.time.Duration.ofSeconds(10)));
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                Files.writeString(pipe, "a: 1\n");
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        assertTrue(assertInstanceOf(Outcome.Tree.class, YamlText.read(pipe)).root().isPresent());
        writer.join();
    }

    /// Fragments of YAML and noise, put together at random.
    @Test
    void noTextThrowsOrFillsTheStack() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "[",
            "]",
            "{",
            "}",
            "- ",
            "? ",
            ": ",
            "a: ",
            "&a ",
            "*a ",
            "&b",
            "*b",
            "!!str ",
            "!<x> ",
            "|\n",
            ">-\n",
            "'",
            "\"",
            "\\",
            "\n",
            "  ",
            "\t",
            "#",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "\u0000",
            "\ufeff",
            "\ud800",
            "\u2028",
            "\u0085",
            "x",
            "1",
            "~",
            "<<: ",
            ",",
            "@",
            "`"
        };
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)].repeat(1 + random.nextInt(3)));
            }
            try {
                Outcome _ = YamlText.parse("a.yaml", text.toString());
                if (round % 50 == 0) {
                    byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < octets.length; i += 7) {
                        octets[i] = (byte) random.nextInt();
                    }
                    Outcome _ = read(octets);
                }
            } catch (RuntimeException | StackOverflowError fault) {
                throw new AssertionError("seed " + seed + ", text " + text, fault);
            }
        }
    }
}
