package org.anycastdns.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A Markdown document of the source tree: its links, its anchors, and the code it quotes.
///
/// @param file its path from the root of the source tree
/// @param lines its lines
public record Document(Path file, List<Line> lines) {

    /// A line of a document.
    ///
    /// @param number line number, from 1
    /// @param text the line without a line break
    /// @param code whether it belongs to a code block
    public record Line(int number, String text, boolean code) {}

    /// A piece of a document's text, with its place.
    ///
    /// @param place `file:line`
    /// @param text the text
    public record Quote(String place, String text) {}

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^()\\s]+)\\)");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *#*$");
    private static final String FENCE = "```";
    private static final String INDENT = "    ";

    /// Folders without our own documents: builds, the repository, the running lab, the IDE's files.
    private static final Set<String> SKIPPED =
            Set.of("target", ".git", ".idea", "node_modules", "run");

    public Document {
        lines = List.copyOf(lines);
    }

    /// Returns all documents of the source tree, sorted by path.
    public static List<Document> all() throws IOException {
        Path root = Repository.root();
        List<Document> documents = new ArrayList<>();
        for (Path file : Repository.files(SKIPPED)) {
            if (file.toString().endsWith(".md")) {
                documents.add(of(root.relativize(file), Files.readString(file)));
            }
        }
        return documents;
    }

    /// Returns the document at a path from the root of the source tree.
    public static Document read(String file) throws IOException {
        return of(Path.of(file), Files.readString(Repository.root().resolve(file)));
    }

    /// Returns the document with this text.
    public static Document of(Path file, String text) {
        List<Line> lines = new ArrayList<>();
        boolean fenced = false;
        for (String line : text.lines().toList()) {
            boolean fence = line.strip().startsWith(FENCE);
            lines.add(new Line(lines.size() + 1, line, fenced || fence || line.startsWith(INDENT)));
            fenced ^= fence;
        }
        return new Document(file, lines);
    }

    /// Returns whether a tool wrote the document. Measurement results are kept unchanged.
    public boolean isResult() {
        return file.startsWith("benchmarks/results");
    }

    /// Returns the targets of its links and images.
    public List<Quote> links() {
        return prose(line -> SPAN.matcher(line).replaceAll("`"), LINK);
    }

    /// Returns its code spans outside code blocks.
    public List<Quote> spans() {
        return prose(line -> line, SPAN);
    }

    /// Returns the lines of its code blocks.
    public List<Quote> blocks() {
        return lines.stream()
                .filter(Line::code)
                .map(line -> new Quote(place(line), line.text().strip()))
                .toList();
    }

    /// Returns the anchors of its headings, as GitHub generates them.
    public Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String heading : headings()) {
            String anchor =
                    LINK.matcher(heading)
                            .replaceAll("$1")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }

    /// Returns the text below a heading, up to the next heading of any level. It is empty if there
    /// is no such heading.
    public String section(String heading) {
        StringBuilder text = new StringBuilder();
        boolean inside = false;
        for (Line line : lines) {
            var matcher = HEADING.matcher(line.text());
            if (!line.code() && matcher.matches()) {
                inside = matcher.group(1).equals(heading);
            } else if (inside) {
                text.append(line.text()).append('\n');
            }
        }
        return text.toString();
    }

    /// Returns the indented code below a heading, without its indentation. It is empty if there is
    /// none.
    public String code(String heading) {
        StringBuilder code = new StringBuilder();
        section(heading)
                .lines()
                .filter(line -> line.startsWith(INDENT))
                .forEach(line -> code.append(line.substring(INDENT.length())).append('\n'));
        return code.toString();
    }

    private List<String> headings() {
        return lines.stream()
                .filter(line -> !line.code())
                .flatMap(line -> HEADING.matcher(line.text()).results())
                .map(result -> result.group(1))
                .toList();
    }

    private List<Quote> prose(UnaryOperator<String> before, Pattern pattern) {
        List<Quote> quotes = new ArrayList<>();
        for (Line line : lines) {
            if (!line.code()) {
                for (MatchResult result :
                        pattern.matcher(before.apply(line.text())).results().toList()) {
                    quotes.add(new Quote(place(line), result.group(1)));
                }
            }
        }
        return quotes;
    }

    private String place(Line line) {
        return file + ":" + line.number();
    }
}
