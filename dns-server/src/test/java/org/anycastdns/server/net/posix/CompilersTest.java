package org.anycastdns.server.net.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CompilersTest {

    /// The place of the nice value in /proc/PID/stat behind the name's parenthesis (proc(5)).
    private static final int NICE_FIELD = 16;

    private static final Path SELF = Path.of("/proc/self");

    @Test
    void compilersStepBackAndNobodyElse() throws IOException {
        int usual = nice(stat(SELF));
        assertTrue(Compilers.stepBack() > 0, "the JVM has compiler threads");
        try (Stream<Path> threads = Files.list(SELF.resolve("task"))) {
            for (Path thread : threads.toList()) {
                String stat = stat(thread);
                if (!stat.isEmpty()) {
                    boolean compiler = stat.contains("(C1 Compil") || stat.contains("(C2 Compil");
                    assertEquals(compiler ? 10 : usual, nice(stat), stat);
                }
            }
        }
    }

    /// What the kernel says about a thread; nothing when it has ended.
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }

    private static int nice(String stat) {
        String fields = stat.substring(stat.lastIndexOf(')') + 2);
        return Integer.parseInt(List.of(fields.split(" ", -1)).get(NICE_FIELD));
    }
}
