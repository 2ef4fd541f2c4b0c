package org.anycastdns.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anycastdns.lab.engine.LabException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose folder LAB_STATE may name, and what is deleted of it.
class StateFolderTest {

    @TempDir private Path scratch = Path.of("");

    @Test
    void whatTheLabHasMadeIsDeletedWithAllThatIsInIt() throws IOException {
        Path path = scratch.resolve("a/run");
        StateFolder folder = new StateFolder(path);
        folder.claim();
        Files.createDirectories(path.resolve("ams/zones"));
        Files.writeString(path.resolve("ams/zones/example.com.zone"), "");
        Files.writeString(path.resolve(".topology.yaml.new"), "");
        folder.claim();
        folder.delete();
        assertFalse(Files.exists(path));
        assertTrue(Files.exists(path.getParent()));
        folder.delete();
    }

    @Test
    void aFolderOfSomebodyElseIsNeitherUsedNorDeleted() throws IOException {
        Path other = Files.writeString(scratch.resolve("letter"), "dear");
        StateFolder folder = new StateFolder(scratch);
        assertEquals(
                scratch + " has files that are not the lab's: let LAB_STATE name another folder",
                assertThrows(LabException.class, folder::claim).getMessage());
        folder.delete();
        assertEquals("dear", Files.readString(other));
    }
}
