package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.regex.Pattern;

/// Checks the output of a running program: only its log on standard error, one line on standard
/// output.
public final class LogFormat {

    private static final Pattern LINE =
            Pattern.compile(
                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (INFO|WARN|ERROR) +\\w+: .*");

    private LogFormat() {}

    /// Fails if a line is anything else.
    public static void check(Program program) {
        List<String> others =
                program.text(Program.Stream.ERR)
                        .lines()
                        .filter(line -> !LINE.matcher(line).matches())
                        .toList();
        assertEquals(List.of(), others, program::tail);
        List<String> out = program.text(Program.Stream.OUT).lines().toList();
        assertEquals(1, out.size(), program::tail);
        assertEquals("ready", out.getFirst().substring(0, 5), program::tail);
    }
}
