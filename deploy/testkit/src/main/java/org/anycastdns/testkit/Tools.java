package org.anycastdns.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// The programs of others that integration tests run: BIRD, Knot, dig.
public final class Tools {

    private Tools() {}

    /// The path of an installed program. Missing, it fails the test when the environment says
    /// `CI=true`, and otherwise skips it with a sentence: a skip must never hide a gap in CI.
    public static String require(String command) {
        Optional<Path> found =
                Stream.concat(
                                Arrays.stream(System.getenv("PATH").split(":")),
                                // Where Debian keeps daemons, outside an ordinary user's PATH.
                                Stream.of("/usr/sbin", "/sbin"))
                        .map(folder -> Path.of(folder, command))
                        .filter(Files::isExecutable)
                        .findFirst();
        if (found.isEmpty()) {
            missing(command + " is not installed: deploy/check, run as root, installs it");
        }
        return found.orElseThrow().toString();
    }

    /// Fails the test under `CI=true`, skips it elsewhere, with a sentence on what is missing.
    public static void missing(String sentence) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(sentence);
        }
        Assumptions.abort(sentence);
    }
}
