package org.anycastdns.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Finds the external programs that integration tests run, such as BIRD, Knot and dig.
public final class Tools {

    private Tools() {}

    /// Returns the path of an installed program. If it is missing, the test fails under `CI=true`
    /// and is skipped with a message elsewhere: a skip must never hide a gap in CI.
    public static String require(String command) {
        Optional<Path> found =
                Stream.concat(
                                Arrays.stream(System.getenv("PATH").split(":")),
                                // Debian keeps daemons here, outside an ordinary user's PATH.
                                Stream.of("/usr/sbin", "/sbin"))
                        .map(folder -> Path.of(folder, command))
                        .filter(Files::isExecutable)
                        .findFirst();
        if (found.isEmpty()) {
            missing(command + " is not installed: deploy/check, run as root, installs it");
        }
        return found.orElseThrow().toString();
    }

    /// Returns a program that is not on the PATH, such as a daemon whose name another one has, too.
    ///
    /// @param command a tool of the same package, see {@link #require}
    public static String beside(String command, Path program) {
        require(command);
        Assertions.assertTrue(Files.isExecutable(program), () -> "there is no " + program);
        return program.toString();
    }

    /// Fails the test under `CI=true` and skips it elsewhere, with a message about what is missing.
    public static void missing(String sentence) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(sentence);
        }
        Assumptions.abort(sentence);
    }
}
