package org.anycastdns.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// Holds files of the source tree that are made from the code, such as the reference pages. With
/// `-Danycastdns.write=true` a test writes the file instead of comparing it.
public final class GeneratedFile {

    private static final String WRITE = "anycastdns.write";

    private GeneratedFile() {}

    /// Compares a file with what the code makes of it now.
    ///
    /// @param file its path from the root of the source tree
    /// @param current returns the content that it should have; the argument is the content that it
    ///   has, empty if there is no file
    public static void check(String file, UnaryOperator<String> current) throws IOException {
        Path path = Repository.root().resolve(file);
        String has = Files.exists(path) ? Files.readString(path) : "";
        String should = current.apply(has);
        if (should.equals(has)) {
            return;
        }
        if (!Boolean.getBoolean(WRITE)) {
            throw new AssertionError(
                    "%s is not what the code makes of it; write it with -D%s=true, and commit it. First difference: %s"
                            .formatted(file, WRITE, difference(has, should)));
        }
        Files.writeString(path, should);
    }

    private static String difference(String has, String should) {
        String[] lines = has.split("\n", -1);
        String[] better = should.split("\n", -1);
        int at = 0;
        while (at < lines.length && at < better.length && lines[at].equals(better[at])) {
            at++;
        }
        return "line %d is '%s' and should be '%s'"
                .formatted(
                        at + 1,
                        at < lines.length ? lines[at] : "",
                        at < better.length ? better[at] : "");
    }
}
