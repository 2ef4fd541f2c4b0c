package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.anycastdns.server.zonefile.Source.Content;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of the zone folder are read, nothing else is.
class FileSourceTest {

    @TempDir private Path temporary;
    private Path zones;
    private FileSource source;

    @BeforeEach
    void makeFolder() throws IOException {
        zones = Files.createDirectory(temporary.resolve("zones"));
        source = new FileSource(zones);
        Files.writeString(temporary.resolve("outside"), "secret");
        Files.writeString(zones.resolve("a.zone"), "; Grüße\n");
    }

    private Content read(String name) {
        return source.read(zones.resolve(name).toString());
    }

    @Test
    void octetsBecomeTheCharactersOfTheSameNumber() {
        assertEquals(new Content.Text("; Gr\u00c3\u00bc\u00c3\u009fe\n"), read("a.zone"));
    }

    @Test
    void whatIsMissingOrNoFileIsNotRead() throws IOException {
        Files.createDirectory(zones.resolve("folder"));
        assertEquals(new Content.Unreadable("no such file"), read("b.zone"));
        assertEquals(new Content.Unreadable("not a regular file"), read("folder"));
        assertEquals("Unreadable", source.read(zones + "/nul\u0000l").getClass().getSimpleName());
    }

    /// Also of what cannot be read: it is read when it has changed since.
    @Test
    void tellsWhichVersionWasRead() throws IOException {
        Files.createSymbolicLink(zones.resolve("b.zone"), Path.of("a.zone"));
        Files.createSymbolicLink(zones.resolve("c.zone"), temporary.resolve("outside"));
        Files.createSymbolicLink(zones.resolve("d.zone"), Path.of("nowhere"));
        Files.createDirectory(zones.resolve("folder"));
        Map<Path, Stamp> versions = new TreeMap<>();
        source = new FileSource(zones, versions::put, null, Long.MAX_VALUE, Attempt.unwatched());
        for (String name : List.of("a.zone", "b.zone", "c.zone", "d.zone", "folder", "none")) {
            var _ = read(name);
            Path file = zones.resolve(name);
            assertEquals(Stamp.of(file), versions.get(file), name);
        }
        assertEquals(Stamp.NONE, versions.get(zones.resolve("none")));
        assertNotEquals(Stamp.NONE, versions.get(zones.resolve("a.zone")));
    }

    @Test
    void aLargeFileIsReadWhole() throws IOException {
        String text = "; 89 abcdef\n".repeat(300_000);
        Files.writeString(zones.resolve("large.zone"), text);
        assertEquals(new Content.Text(text), read("large.zone"));
    }

    @Test
    void linksMayLeadToOtherFilesOfTheFolderOnly() throws IOException {
        Files.createSymbolicLink(zones.resolve("b.zone"), Path.of("a.zone"));
        Files.createSymbolicLink(zones.resolve("c.zone"), temporary.resolve("outside"));
        assertEquals(read("a.zone"), read("b.zone"));
        assertEquals(
                new Content.Unreadable("it is a link out of the folder " + zones), read("c.zone"));
    }
}
