package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void linksMayLeadToOtherFilesOfTheFolderOnly() throws IOException {
        Files.createSymbolicLink(zones.resolve("b.zone"), Path.of("a.zone"));
        Files.createSymbolicLink(zones.resolve("c.zone"), temporary.resolve("outside"));
        assertEquals(read("a.zone"), read("b.zone"));
        assertEquals(
                new Content.Unreadable("it is a link out of the folder " + zones), read("c.zone"));
    }
}
