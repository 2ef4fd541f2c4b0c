package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.anycastdns.testkit.Program.Signal;
import org.anycastdns.testkit.Program.Stream;
import org.junit.jupiter.api.Test;

/// Programs as processes, shown with a shell.
class ProgramTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void linesOfBothStreamsAreKeptAndFound() throws IOException, InterruptedException {
        Program program = Program.run(LIMIT, shell("echo one; echo two >&2; exit 3"));
        assertEquals(3, program.awaitExit(LIMIT));
        assertEquals("one\n", program.text(Stream.OUT));
        assertEquals("two\n", program.text(Stream.ERR));
        assertEquals(Stream.ERR, program.awaitLine("^tw", LIMIT).stream());
    }

    @Test
    void aMarkHidesTheLinesBeforeIt() throws IOException, InterruptedException {
        try (Program program =
                Program.start(
                        shell("trap 'echo line 2' TERM; echo line 1; while :; do wait; done"))) {
            program.awaitLine("line", LIMIT);
            int mark = program.mark();
            program.signal(Signal.TERM);
            assertEquals("line 2", program.awaitLine(mark, "line", LIMIT).text());
        }
    }

    @Test
    void aMissingLineFailsWithTheOutputAsSoonAsTheProcessHasEnded() throws IOException {
        try (Program program = Program.start(shell("echo something else"))) {
            AssertionError failure =
                    assertThrows(AssertionError.class, () -> program.awaitLine("line", LIMIT));
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.contains("OUT something else"), message);
        }
    }

    @Test
    void closeEndsTheProcessAndItsChildren() throws IOException, InterruptedException {
        Program program = Program.start(shell("sleep 1000 & echo $!; wait"));
        long child = Long.parseLong(program.awaitLine("\\d+", LIMIT).text());
        program.close();
        assertFalse(program.alive());
        Eventually.seen(
                "the child's end",
                LIMIT,
                () -> ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false),
                alive -> !alive);
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }
}
