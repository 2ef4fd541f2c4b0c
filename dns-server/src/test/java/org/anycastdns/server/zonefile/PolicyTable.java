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
            List<List<String>> cells = new ArrayList<>();
            for (String line : page.lines().filter(PolicyTable::isRow).toList()) {
                List<String> here = cells(line);
                if (here.getFirst().isEmpty()) {
                    cells.getLast().set(1, cells.getLast().get(1) + "<br>" + here.get(1));
                } else {
                    cells.add(here);
                }
            }
            return cells.stream().map(row -> row(row, base)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRow(String line) {
        return line.startsWith("| ") && !line.startsWith("| case ") && !line.startsWith("| --- ");
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
            cells.add(cell.strip());
        }
        if (cells.size() != COLUMNS) {
            throw new AssertionError("not " + COLUMNS + " columns: " + line);
        }
        return cells;
    }

    private static Row row(List<String> cells, List<String> base) {
        List<String> lines = new ArrayList<>(base);
        Matcher code = CODE.matcher(cells.get(1));
        while (code.find()) {
            if (code.group(1) == null) {
                lines.add(code.group(2));
            } else if (!lines.remove(code.group(2))) {
                throw new AssertionError("struck through, but not there: " + cells);
            }
        }
        return new Row(
                cells.get(0),
                String.join("\n", lines) + "\n",
                cells.get(2),
                cells.get(3),
                cells.get(4),
                cells.get(5),
                cells.get(6));
    }
}
