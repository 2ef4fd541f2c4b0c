package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.anycastdns.testkit.Document.Line;
import org.anycastdns.testkit.Document.Quote;
import org.junit.jupiter.api.Test;

/// What holds for every document of the source tree. The commands that they quote are checked by an
/// integration test of the lab, because that needs the built programs.
class DocumentsTest {

    /// What fits on a screen beside something else.
    private static final int LINE_LENGTH_MAX = 160;

    /// Files that must be short to be read at all, with the most lines that they may have.
    private static final Map<String, Integer> LINES_MAX =
            Map.of("README.md", 140, "ARCHITECTURE.md", 180);

    @Test
    void linksResolve() throws IOException {
        Map<Path, Document> documents = new TreeMap<>();
        Document.all().forEach(document -> documents.put(document.file(), document));
        List<String> broken = new ArrayList<>();
        for (Document document : documents.values()) {
            for (Quote link : document.links()) {
                String fault = fault(document, link.text(), documents);
                if (!fault.isEmpty()) {
                    broken.add("%s: %s: %s".formatted(link.place(), link.text(), fault));
                }
            }
        }
        assertEquals("", String.join("\n", broken));
    }

    /// Why a link leads nowhere; empty when it does not.
    private static String fault(Document from, String link, Map<Path, Document> documents) {
        if (link.matches("[a-z]+:.*")) {
            return URI.create(link).getScheme().matches("https?|mailto") ? "" : "no such scheme";
        }
        String[] parts = link.split("#", 2);
        Path folder = Objects.requireNonNullElse(from.file().getParent(), Path.of(""));
        Path target = parts[0].isEmpty() ? from.file() : folder.resolve(parts[0]).normalize();
        if (!Files.exists(Repository.root().resolve(target))) {
            return "there is no such file";
        }
        Document document = documents.get(target);
        if (parts.length == 2 && (document == null || !document.anchors().contains(parts[1]))) {
            return "there is no such heading";
        }
        return "";
    }

    @Test
    void linesAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Document document : written()) {
            for (Line line : document.lines()) {
                int length = line.text().codePointCount(0, line.text().length());
                if (length > LINE_LENGTH_MAX) {
                    tooLong.add(
                            "%s:%d: %d characters"
                                    .formatted(document.file(), line.number(), length));
                }
            }
            int lines = LINES_MAX.getOrDefault(document.file().toString(), Integer.MAX_VALUE);
            if (document.lines().size() > lines) {
                tooLong.add("%s: %d lines".formatted(document.file(), document.lines().size()));
            }
        }
        assertEquals("", String.join("\n", tooLong));
    }

    @Test
    void aDocumentTellsLinksAnchorsAndCodeApart() {
        Document document =
                Document.of(
                        Path.of("a.md"),
                        """
                        # A `title`, of two words
                        See [one](b.md#c) and ![two](d.svg), not `[three](e.md)`.

                            [four](f.md)
                            # no heading
                        ```
                        [five](g.md)
                        ```
                        ## Again
                        text
                        ## Again
                        """);
        assertEquals(
                List.of(new Quote("a.md:2", "b.md#c"), new Quote("a.md:2", "d.svg")),
                document.links());
        assertEquals(Set.of("a-title-of-two-words", "again", "again-1"), document.anchors());
        assertEquals("[four](f.md)", document.blocks().getFirst().text());
        assertEquals("title", document.spans().getFirst().text());
        assertEquals("text\n", document.section("Again"));
        assertEquals("[four](f.md)\n# no heading\n", document.code("A `title`, of two words"));
        assertEquals("", document.code("Again"));
        assertTrue(document.section("Nowhere").isEmpty());
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() {
        Document document = Document.of(Path.of("docs/README.md"), "# A");
        Map<Path, Document> documents = Map.of(document.file(), document);
        assertEquals("", fault(document, "#a", documents));
        assertEquals("", fault(document, "../LICENSE", documents));
        assertEquals("there is no such heading", fault(document, "#b", documents));
        assertEquals("there is no such file", fault(document, "nothing.md", documents));
    }

    private static List<Document> written() throws IOException {
        return Document.all().stream().filter(document -> !document.isResult()).toList();
    }
}
