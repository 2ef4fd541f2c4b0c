package org.anycastdns.server.zonefile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Repository;

/// The tables of `docs/reference/zone-policy.md`: what every server makes of which records.
public final class PolicyTable {

    private static final Path FILE = Path.of("docs", "reference", "zone-policy.md");
    private static final Pattern CODE = Pattern.compile("(~~)?`([^`]+)`");
    private static final int COLUMNS = 7;

    /// What words in capital letters stand for: the octets would make the lines of the page long.
    private static final Map<String, String> WORDS =
            Map.of(
                    "HASH1",
                    "0123456789abcdefghijklmnopqrstuv",
                    "HASH2",
                    "1123456789abcdefghijklmnopqrstuv",
                    "DIGEST",
                    "0".repeat(64),
                    "13 KEY",
                    "13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==");

    private PolicyTable() {}

    /// One row.
    ///
    /// @param text of the zone file
    /// @param bind `loads` or `refuses`, as nsd and knot
    /// @param strict `error`, `warning` or `-`, as lenient
    public record Row(
            String name,
            String text,
            String bind,
            String nsd,
            String knot,
            String strict,
            String lenient) {}

    /// All rows, in order.
    public static List<Row> rows() {
        try {
            String page = Files.readString(Repository.root().resolve(FILE));
            String fence = "```\n";
            int from = page.indexOf(fence) + fence.length();
            List<String> base = page.substring(from, page.indexOf(fence, from)).lines().toList();
            return page.lines()
                    .filter(line -> line.startsWith("| ") && line.contains("`"))
                    .map(line -> row(line, base))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String spelledOut(String record) {
        String text = record;
        for (var word : WORDS.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        return text;
    }

    private static Row row(String line, List<String> base) {
        String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
        if (cells.length != COLUMNS) {
            throw new AssertionError("not " + COLUMNS + " columns: " + line);
        }
        List<String> lines = new ArrayList<>(base);
        Matcher code = CODE.matcher(cells[1]);
        while (code.find()) {
            if (code.group(1) == null) {
                lines.add(spelledOut(code.group(2)));
            } else if (!lines.remove(code.group(2))) {
                throw new AssertionError("struck through, but not there: " + line);
            }
        }
        return new Row(
                cells[0],
                String.join("\n", lines) + "\n",
                cells[2],
                cells[3],
                cells[4],
                cells[5],
                cells[6]);
    }
}
