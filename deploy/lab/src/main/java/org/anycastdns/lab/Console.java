package org.anycastdns.lab;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The output for the operator.
final class Console {

    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Console() {}

    /// Prints a progress message.
    static void say(String text) {
        OUT.println("lab: " + text);
    }

    /// Prints a line of a result.
    static void line(String text) {
        OUT.println(text);
    }

    /// Prints a table. The first row is the heading; columns are as wide as their content.
    static void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int index = column;
            widths.add(rows.stream().mapToInt(row -> row.get(index).length()).max().orElse(0));
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column))
                        .repeat(' ', widths.get(column) - row.get(column).length() + 2);
            }
            OUT.println(line.toString().stripTrailing());
        }
    }
}
