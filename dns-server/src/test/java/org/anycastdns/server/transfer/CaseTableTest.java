package org.anycastdns.server.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.anycastdns.testkit.Repository;
import org.junit.jupiter.api.Test;

/// The table `transfer.md` has each case of the specification of transfers, or says why there is no
/// test of it, and every test that it names is there.
class CaseTableTest {

    private static final int CASES = 112;
    private static final Pattern RANGE = Pattern.compile("(\\d+a?)(?: to (\\d+))?");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /// Package, class and method; of the method only the beginning if dots follow.
    private static final Pattern TEST =
            Pattern.compile("(?:([a-z.]+)\\.)?([A-Z]\\w+)(?:\\.(\\w+)(\\.\\.\\.)?)?");

    private final Path sources = Repository.root().resolve("dns-server/src");

    /// Paths of the sources of tests by the simple name of their class.
    private final Map<String, Path> classes = new TreeMap<>();

    private record Row(List<String> cases, String tests) {}

    private List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(sources.resolve("test/resources/transfer.md"))) {
            String[] cells = line.split("\\|");
            if (cells.length > 3 && cells[1].strip().matches("\\d.*")) {
                rows.add(new Row(cases(cells[1]), cells[cells.length - 1]));
            }
        }
        return rows;
    }

    private static List<String> cases(String cell) {
        List<String> cases = new ArrayList<>();
        Matcher ranges = RANGE.matcher(cell);
        while (ranges.find()) {
            if (ranges.group(2) == null) {
                cases.add(ranges.group(1));
            } else {
                IntStream.rangeClosed(
                                Integer.parseInt(ranges.group(1)),
                                Integer.parseInt(ranges.group(2)))
                        .forEach(number -> cases.add("" + number));
            }
        }
        return cases;
    }

    private void index() throws IOException {
        for (String folder : List.of("test/java", "it/java")) {
            try (Stream<Path> files = Files.walk(sources.resolve(folder))) {
                files.filter(each -> each.toString().endsWith(".java"))
                        .forEach(each -> {
                            String name = String.valueOf(each.getFileName());
                            classes.put(name.substring(0, name.length() - ".java".length()), each);
                        });
            }
        }
    }

    @Test
    void everyCaseHasARow() throws IOException {
        TreeSet<String> missing = new TreeSet<>(List.of("58a"));
        IntStream.rangeClosed(1, CASES).forEach(number -> missing.add("" + number));
        rows().forEach(row -> missing.removeAll(row.cases()));
        assertEquals(new TreeSet<>(), missing);
    }

    @Test
    void everyTestInTheTableIsThere() throws IOException {
        index();
        TreeSet<String> missing = new TreeSet<>();
        int named = 0;
        List<String> lines = Files.readAllLines(sources.resolve("test/resources/transfer.md"));
        for (String line : lines) {
            if (!line.startsWith("|")) {
                continue;
            }
            String[] cells = line.split("\\|");
            Matcher code = CODE.matcher(cells[cells.length - 1]);
            while (code.find()) {
                named++;
                if (!code.group(1).equals("caseN...") && !isThere(code.group(1))) {
                    missing.add(code.group(1));
                }
            }
        }
        assertEquals(new TreeSet<>(), missing);
        assertTrue(named > CASES / 2, "tests named: " + named);
    }

    private boolean isThere(String name) {
        if (name.contains("/")) {
            return Stream.of("", "scenario/")
                    .anyMatch(folder ->
                            Files.exists(sources.resolve("test/resources/" + folder + name)));
        }
        Matcher test = TEST.matcher(name);
        if (!test.matches()) {
            return name.startsWith("case") || name.startsWith("-D") || name.indexOf('.') < 0;
        }
        Path file = classes.get(test.group(2));
        if (file == null) {
            return false;
        }
        String folder = test.group(1) == null ? "" : test.group(1).replace('.', '/') + "/";
        String method = test.group(3);
        String end = test.group(4) == null ? "\\(" : "\\w*\\(";
        return file.endsWith(folder + test.group(2) + ".java")
                && (method == null
                        || Pattern.compile("\\b" + method + end).matcher(text(file)).find());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where a row says `caseN...`, each of its cases has a method of that name in one of its
    /// classes.
    @Test
    void everyNumberedCaseHasItsMethod() throws IOException {
        index();
        TreeSet<String> missing = new TreeSet<>();
        for (Row row : rows()) {
            if (!row.tests().contains("`caseN...`")) {
                continue;
            }
            StringBuilder methods = new StringBuilder();
            Matcher code = CODE.matcher(row.tests());
            while (code.find()) {
                Matcher test = TEST.matcher(code.group(1));
                if (test.matches() && classes.get(test.group(2)) != null) {
                    methods.append(text(classes.get(test.group(2))));
                }
            }
            for (String each : row.cases()) {
                Pattern method = Pattern.compile(" case(?:\\d+And)*%s(?!\\d)".formatted(each));
                if (!method.matcher(methods).find()) {
                    missing.add(each + " in " + row.tests().strip());
                }
            }
        }
        assertEquals(new TreeSet<>(), missing);
    }
}
