package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.anycastdns.server.reload.FileSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Zone files with mistakes, each named for its fault, and every problem that must be shown.
class BadZoneTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "badzone");

    @TestFactory
    Stream<DynamicTest> everyMistakeIsShownAtItsLineAndColumn() throws IOException {
        return zoneFiles().stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                file, () -> assertEquals(expected(file), problems(file) + "\n")));
    }

    @Test
    void thereAreBadZones() throws IOException {
        assertTrue(zoneFiles().size() > 20, zoneFiles().toString());
    }

    private static List<String> zoneFiles() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".zone"))
                    .sorted()
                    .toList();
        }
    }

    private static String expected(String file) throws IOException {
        Path text = FOLDER.resolve(file.replace(".zone", ".txt"));
        return Files.readString(text, StandardCharsets.UTF_8);
    }

    private static String problems(String file) {
        FileSource folder = new FileSource(FOLDER);
        return Texts.problems(
                ZoneFile.read(
                        Texts.ORIGIN, file, name -> folder.read(FOLDER.resolve(name).toString())));
    }
}
