package org.anycastdns.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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
        for (Path file : texts(Repository.root())) {
            String name = Repository.root().relativize(file).toString();
            // What is no UTF-8 is searched as well: every octet is a character.
            Matcher british = BRITISH.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (british.find()) {
                found.add(name + ": " + british.group());
            }
        }
        assertEquals(List.of(), found);
    }

    private static List<Path> texts(Path root) throws IOException {
        List<Path> texts = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return FOLDERS_LEFT_OUT.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()
                                && attributes.size() <= OCTETS_MAX
                                && !file.endsWith("SpellingTest.java")
                                && !file.endsWith("LICENSE")) {
                            texts.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return texts;
    }
}
