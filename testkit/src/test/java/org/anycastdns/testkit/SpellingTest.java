package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every text of the source tree is written in American English.
class SpellingTest {

    /// British spellings that have an American one; this file is not searched for them.
    private static final Pattern BRITISH =
            Pattern.compile(
                    "neighbour|behaviour|colour|favour|honour|flavour|labelled|modelled|cancelled"
                            + "|travelled|artefact|\\bspelt\\b|\\blearnt\\b|licence|practise"
                            + "|judgement|\\bgrey\\b|\\bcentre|catalogue|analyse|synthesis(e|ing)"
                            + "|(normal|initial|final|serial|optim|minim|maxim|organ|recogn|summar"
                            + "|synchron|priorit|random|custom|general)is(e|ing|ation)",
                    Pattern.CASE_INSENSITIVE);

    /// Folders whose text is made by tools, is input for fuzzers, or tells what was measured in
    /// words of its time.
    private static final Set<String> FOLDERS_LEFT_OUT =
            Set.of(".git", "target", "corpus", "results", "run");

    /// The largest file that is searched: what is larger is data.
    private static final long OCTETS_MAX = 1 << 20;

    @Test
    void everyTextIsAmerican() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : Repository.files(FOLDERS_LEFT_OUT)) {
            if (!isSearched(file)) {
                continue;
            }
            String name = Repository.root().relativize(file).toString();
            // What is no UTF-8 is searched as well: every octet is a character.
            Matcher british = BRITISH.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (british.find()) {
                found.add(name + ": " + british.group());
            }
        }
        assertEquals(List.of(), found);
    }

    private static boolean isSearched(Path file) throws IOException {
        return Files.size(file) <= OCTETS_MAX
                && !file.endsWith("SpellingTest.java")
                && !file.endsWith("LICENSE");
    }
}
