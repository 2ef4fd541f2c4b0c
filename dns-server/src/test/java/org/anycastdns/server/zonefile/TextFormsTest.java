package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every way of writing in {@link TextForms} means what stands there, and problems with odd octets
/// say where they are.
class TextFormsTest {

    private static ZoneFile read(String text) {
        return read(Map.of("t.zone", text), "t.zone");
    }

    private static ZoneFile read(Map<String, String> files, String name) {
        return ZoneFile.read(
                Texts.ORIGIN, name, file -> new Source.Content.Text(files.getOrDefault(file, "")));
    }

    private static String problems(String entries) {
        return Texts.problems(read(TextForms.HEAD + entries));
    }

    @Test
    void everyFormMeansWhatMostServersMakeOfIt() {
        List<String> wrong = new ArrayList<>();
        for (TextForms.Form form : TextForms.all()) {
            ZoneFile file = read(TextForms.HEAD + form.entries());
            if (file.hasErrors() != form.isRefused()) {
                wrong.add(form.name() + ": " + Texts.problems(file));
            } else if (!form.isRefused()) {
                ZoneFile plain = read(TextForms.HEAD + form.meaning());
                assertFalse(plain.hasErrors(), form.name());
                if (!folded(plain).equals(folded(file))) {
                    wrong.add(form.name() + ": " + folded(file) + " not " + folded(plain));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static List<String> folded(ZoneFile file) {
        return Texts.lines(file.records());
    }

    @Test
    void octetsThatNobodyExpectsAreDataWithOneWarningForEachFile() {
        assertEquals(
                "t.zone:5:3: warning: 5 octets outside printable ASCII in names or unquoted text,"
                        + " the first is 195: read as data (RFC 2181 section 11); write \\195 to"
                        + " avoid this warning",
                problems("a A 192.0.2.1\ngr\u00c3\u00bc A 192.0.2.1\nb TXT \u00c3\u00bc\u0001\n"));
        assertEquals("", problems("a\\195 TXT \"\u00c3\u00bc\" ; \u00c3\n"));
    }

    @Test
    void aLargeFileWarnsOfThemOnceTooAndAtTheRightPlace() {
        StringBuilder text = new StringBuilder(TextForms.HEAD);
        for (int i = 0; i < 1_000; i++) {
            text.append("h%d TXT %s\n".formatted(i, i >= 500 ? "\u00c3\u00bc" : "x"));
        }
        ZoneFile file =
                ZoneFile.read(
                        Texts.ORIGIN,
                        "t.zone",
                        _ -> new Source.Content.Text(text.toString()),
                        ReadRules.DEFAULT,
                        org.anycastdns.server.zone.ParallelRunner.ALONE,
                        512);
        assertTrue(
                Texts.problems(file).startsWith("t.zone:504:10: warning: 1000 octets outside"),
                Texts.problems(file));
        assertEquals(1, file.problems().size());
    }

    @Test
    void nulIsNoDataOutsideQuotes() {
        assertEquals(
                "t.zone:4:2: error: a NUL octet outside a quoted string must be written as \\000",
                problems("a\0b A 192.0.2.1\n"));
    }

    @Test
    void linesAreCountedWhateverEndsThem() {
        assertEquals(
                "t.zone:8:3: error: 'X' is not a type, class or TTL",
                problems("a A 192.0.2.1\rb TXT (\"x\ny\"\r\n z)\r\nc X\n"));
    }

    @Test
    void aCommentThatHidesWhatFollowsACarriageReturnIsWarnedOf() {
        assertEquals(
                "t.zone:4:12: warning: a carriage return alone does not end a comment: the text"
                        + " behind it on this line is ignored; end lines with a line feed",
                problems("a TXT x ; c\rb TXT y\r\n"));
    }

    @Test
    void quotesAroundAnOwnerThatServersReadDifferentlyAreWarnedOf() {
        assertEquals(
                "t.zone:4:1: warning: \"a.b\" is read as a.b.example.com., but other servers read"
                        + " the quoted text as one label: write the name without quotes",
                problems("\"a.b\" A 192.0.2.1\n"));
        assertEquals("", problems("\"a\" A 192.0.2.1\n"));
    }

    @Test
    void aTimeToLiveWithTheHighestBitSetIsZero() {
        assertEquals(
                "t.zone:4:3: warning: TTL '2147483648' is more than 2147483647 seconds and counts"
                        + " as 0 (RFC 2181 section 8)",
                problems("a 2147483648 A 192.0.2.1\n"));
    }

    @Test
    void aStringInParenthesesThatIsNeverClosedCostsItsRecordOnly() {
        ZoneFile file = read(TextForms.HEAD + "a TXT ( \"x\n y )\nb A 192.0.2.1\n");
        assertEquals(
                "t.zone:4:9: error: this quoted string is not closed on its line",
                Texts.problems(file));
        assertEquals(3, file.records().size());
    }

    @Test
    void includedFilesWarnForThemselves() {
        ZoneFile file =
                read(
                        Map.of(
                                "t.zone",
                                TextForms.HEAD + "$INCLUDE example.com/i\na\u00fc A 192.0.2.1\n",
                                "example.com/i",
                                "\n\u00fc A 192.0.2.1\n"),
                        "t.zone");
        assertEquals(
                List.of("example.com/i:2:1", "t.zone:5:2"),
                file.problems().stream()
                        .map(each -> each.toString().substring(0, each.toString().indexOf(": ")))
                        .toList());
    }
}
