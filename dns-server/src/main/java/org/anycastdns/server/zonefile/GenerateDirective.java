package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import org.anycastdns.server.zonefile.problem.Position;
import org.anycastdns.server.zonefile.problem.Problems;

/// Reads $GENERATE, BIND's directive for records that differ in a number only: a range, a template
/// for the owner, and one for the data. The text for each number is read like any record. All
/// directives of a zone share limits.
final class GenerateDirective {

    /// How the directive is written.
    static final String USAGE = "$GENERATE FIRST-LAST[/STEP] OWNER [TTL] [IN] TYPE DATA";

    /// Maximum number of records that all $GENERATE directives of a zone may make: the addresses of
    /// an IPv4 /16. A line of text must not fill the memory.
    static final int RECORDS_MAX = 1 << 16;

    /// Maximum octets of text that all $GENERATE of a zone may make: 256 for each possible record.
    static final long OCTETS_MAX = 256L * RECORDS_MAX;

    /// The directive, the range and the owner.
    private static final int TOKENS_BEFORE_TTL = 3;

    private final RecordReader reader;
    private final Problems problems;
    private int generatedCount;
    private long generatedOctets;

    GenerateDirective(RecordReader reader, Problems problems) {
        this.reader = reader;
        this.problems = problems;
    }

    /// Reads the records of the directive at hand, or reports what is wrong with it.
    void read() {
        Scanner entry = reader.entry();
        GenerateRange range = GenerateRange.of(entry.token(1));
        if (range == null || entry.isQuoted(1)) {
            problems.error(
                    entry.position(1),
                    "'%s' is not a range: write FIRST-LAST or FIRST-LAST/STEP with numbers up to %d"
                            .formatted(entry.token(1), Integer.MAX_VALUE));
        } else if (range.count() > RECORDS_MAX - generatedCount) {
            problems.error(
                    entry.position(1),
                    "the range makes %d records, but $GENERATE may make %d in a zone, of which %d are left"
                            .formatted(range.count(), RECORDS_MAX, RECORDS_MAX - generatedCount));
        } else if (entry.isQuoted(2)) {
            problems.error(entry.position(2), "write the owner's template without quotes");
        } else {
            readTemplates(entry, range);
        }
    }

    private void readTemplates(Scanner entry, GenerateRange range) {
        int typeToken = reader.typeToken(TOKENS_BEFORE_TTL);
        if (typeToken < 0) {
            return;
        }
        if (typeToken + 1 == entry.count()) {
            problems.error(entry.position(typeToken), "there is no data after the type");
            return;
        }
        StringBuilder between = new StringBuilder(" ");
        for (int i = TOKENS_BEFORE_TTL; i <= typeToken; i++) {
            between.append(entry.token(i)).append(' ');
        }
        int mistaken = 2;
        try {
            GenerateTemplate owner = new GenerateTemplate(entry.token(2));
            mistaken = typeToken + 1;
            GenerateTemplate data = new GenerateTemplate(dataTemplate(entry, typeToken + 1));
            readAll(range, owner, between.toString(), data);
        } catch (IllegalArgumentException e) {
            problems.error(entry.position(mistaken), "$GENERATE: " + e.getMessage());
        }
    }

    /// Returns the data template. One quoted string stands for its content, as in BIND, so that the
    /// data may have several words. Several words are kept as they are.
    private static String dataTemplate(Scanner entry, int first) {
        if (entry.count() == first + 1 && entry.isQuoted(first)) {
            return unquoted(entry.token(first));
        }
        StringBuilder words = new StringBuilder();
        for (int i = first; i < entry.count(); i++) {
            String quote = entry.isQuoted(i) ? "\"" : "";
            words.append(quote).append(entry.token(i)).append(quote).append(' ');
        }
        return words.toString();
    }

    private static String unquoted(String text) {
        StringBuilder unquoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
                unquoted.append(text.charAt(i) == '"' ? "" : "\\");
            }
            unquoted.append(text.charAt(i));
        }
        return unquoted.toString();
    }

    /// Reads the text for each number as if it stood in place of the directive. Following records
    /// without an owner get the owner before the directive. The first error ends the directive.
    private void readAll(
            GenerateRange range, GenerateTemplate owner, String between, GenerateTemplate data) {
        Scanner directive = reader.entry();
        RecordReader.Owner before = reader.owner();
        Position at = directive.position(0);
        int errors = problems.errorCount();
        for (int i = 0; i < range.count() && problems.errorCount() == errors; i++) {
            int number = range.number(i);
            problems.generating("$GENERATE for %d: ".formatted(number));
            try {
                String text = owner.expand(number) + between + data.expand(number);
                byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
                readOne(Scanner.generated(at, octets, problems), at);
            } catch (IllegalArgumentException e) {
                problems.error(at, String.valueOf(e.getMessage()));
            }
        }
        problems.written();
        reader.scan(directive);
        reader.owner(before);
    }

    private void readOne(Scanner text, Position at) {
        generatedOctets += text.text().length;
        if (generatedOctets > OCTETS_MAX) {
            problems.error(
                    at,
                    "$GENERATE may make at most %d octets of text in a zone".formatted(OCTETS_MAX));
            return;
        }
        reader.scan(text);
        if (!text.next()) {
            return;
        }
        generatedCount++;
        reader.read();
        if (text.at() < text.text().length) {
            problems.error(at, "the template makes more than one line");
        }
    }
}
