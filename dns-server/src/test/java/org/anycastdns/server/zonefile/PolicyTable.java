package org.anycastdns.server.zonefile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.testkit.Repository;

/// The tables of `docs/reference/zone-policy.md`: what every server makes of which records.
public final class PolicyTable {

    private static final Path FILE = Path.of("docs", "reference", "zone-policy.md");
    private static final Pattern CODE = Pattern.compile("(~~)?`([^`]+)`");
    private static final int COLUMNS = 7;

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

    private static Row row(String line, List<String> base) {
        String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
        if (cells.length != COLUMNS) {
            throw new AssertionError("not " + COLUMNS + " columns: " + line);
        }
        List<String> lines = new ArrayList<>(base);
        Matcher code = CODE.matcher(cells[1]);
        while (code.find()) {
            if (code.group(1) == null) {
                lines.add(code.group(2));
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
