package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of [Tidy] find what they are for; and the test kit keeps them itself.
class TidyTest {

    private static final String ROOT = "org.example";

    @TempDir private Path module;

    @Test
    void theTestKitIsTidy() throws IOException {
        Tidy table = new Tidy("org.anycastdns.testkit", Map.of("", Set.of()), Set.of());
        assertEquals(List.of(), table.breaches(Path.of("")));
    }

    @Test
    void whatIsInTheTableMustExistAndSoMustExceptions() throws IOException {
        Tidy table =
                new Tidy("org.anycastdns.testkit", Map.of("", Set.of("gone")), Set.of())
                        .except("Dig.java: more than 500 lines");
        assertEquals(
                List.of(
                        "package 'gone': in the table, but nowhere else",
                        "no exception is needed any more: Dig.java: more than 500 lines"),
                table.breaches(Path.of("")));
        assertEquals(List.of(), table.except("package 'gone': in the table").breaches(Path.of("")));
    }

    @Test
    void cyclesAreTheGroupsThatReachEachOther() {
        Map<String, Set<String>> edges = new TreeMap<>();
        edges.put("a", Set.of("b"));
        edges.put("b", Set.of("c", "d"));
        edges.put("c", Set.of("a"));
        edges.put("d", Set.of("e"));
        edges.put("e", Set.of("d", "e", "unknown"));
        edges.put("f", Set.of("f", "a"));
        assertEquals(List.of(Set.of("a", "b", "c"), Set.of("d", "e")), Cycles.of(edges));
        edges.put("b", Set.of("d"));
        edges.put("e", Set.of());
        assertEquals(List.of(), Cycles.of(edges));
    }

    @Test
    void aFileOfMoreThan500LinesIsFoundInTestsToo() throws IOException {
        write("src/main/java/org/example/a/Long.java", "\n".repeat(501));
        write("src/test/java/org/example/a/LongTest.java", "\n".repeat(502));
        write("src/it/java/org/example/a/ShortIT.java", "\n".repeat(500));
        assertEquals(
                List.of(
                        "a/Long.java: more than 500 lines (501)",
                        "a/LongTest.java: more than 500 lines (502)"),
                SourceRules.breaches(module, ROOT));
    }

    @Test
    void twoTypesOfOneProgramMayNotShareASimpleName() throws IOException {
        write("src/main/java/org/example/a/Session.java", "");
        write("src/main/java/org/example/b/Session.java", "");
        write("src/main/java/org/example/a/package-info.java", "");
        write("src/main/java/org/example/b/package-info.java", "");
        write("src/test/java/org/example/Session.java", "");
        assertEquals(
                List.of("Session: the simple name of two types [a/Session.java, b/Session.java]"),
                SourceRules.breaches(module, ROOT));
    }

    @Test
    void aPackageOfMoreThan20TypesNeedsAReason() throws IOException {
        for (int i = 0; i < 21; i++) {
            write("src/main/java/org/example/big/Type" + i + ".java", "");
        }
        write("src/main/java/org/example/big/package-info.java", "/// Many types.\n");
        assertEquals(
                List.of("package 'big': more than 20 types without a reason (21)"),
                SourceRules.breaches(module, ROOT));
        write(
                "src/main/java/org/example/big/package-info.java",
                "/// Many types.\n///\n/// More than 20\n/// types because each is a message.\n");
        assertEquals(List.of(), SourceRules.breaches(module, ROOT));
    }

    private void write(String name, String text) throws IOException {
        Path file = module.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
