package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.anycastdns.server.files.FileVersion;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// What is to be done after a look: decisions without files.
class ChangesTest {

    private static final Name A = Name.of("a.test.");
    private static final Path A_FILE = Path.of("a.test.zone");
    private static final Path INCLUDED = Path.of("hosts");

    private static Stamp version(int number) {
        return new Stamp(new FileVersion(100, number, "inode"), true);
    }

    private static FolderSnapshot look(Map<Path, Stamp> stamps) {
        Map<Name, Path> zones = new TreeMap<>();
        if (stamps.containsKey(A_FILE)) {
            zones.put(A, A_FILE);
        }
        return new FolderSnapshot(true, zones, new HashMap<>(stamps), List.of());
    }

    private static String decide(Map<Path, Stamp> read, FolderSnapshot before, FolderSnapshot now) {
        Set<Name> known = read.isEmpty() ? Set.of() : Set.of(A);
        Changes changes =
                Changes.between(known, read.isEmpty() ? Map.of() : Map.of(A, read), before, now);
        return "load "
                + changes.load().keySet()
                + " missing "
                + changes.missing()
                + " moving "
                + changes.moving();
    }

    private static final String NOTHING = "load [] missing [] moving []";
    private static final String LOAD = "load [a.test.] missing [] moving []";
    private static final String MOVING = "load [] missing [] moving [a.test.]";
    private static final String MISSING = "load [] missing [a.test.] moving []";

    @Test
    void aNewFileIsReadWhenTwoLooksSeeItTheSame() {
        FolderSnapshot none = look(Map.of());
        FolderSnapshot first = look(Map.of(A_FILE, version(1)));
        FolderSnapshot grown = look(Map.of(A_FILE, version(2)));
        assertEquals(MOVING, decide(Map.of(), none, first));
        assertEquals(MOVING, decide(Map.of(), first, grown));
        assertEquals(LOAD, decide(Map.of(), grown, grown));
    }

    @Test
    void aChangedFileIsReadWhenTwoLooksSeeItTheSame() {
        Map<Path, Stamp> read = Map.of(A_FILE, version(1));
        FolderSnapshot same = look(read);
        FolderSnapshot changed = look(Map.of(A_FILE, version(2)));
        assertEquals(NOTHING, decide(read, same, same));
        assertEquals(MOVING, decide(read, same, changed));
        assertEquals(LOAD, decide(read, changed, changed));
    }

    @Test
    void anIncludedFileBelongsToItsZone() {
        Map<Path, Stamp> read = Map.of(A_FILE, version(1), INCLUDED, version(1));
        FolderSnapshot same = look(read);
        FolderSnapshot changed = look(Map.of(A_FILE, version(1), INCLUDED, version(2)));
        FolderSnapshot gone = look(Map.of(A_FILE, version(1)));
        assertEquals(NOTHING, decide(read, same, same));
        assertEquals(MOVING, decide(read, same, changed));
        assertEquals(LOAD, decide(read, changed, changed));
        assertEquals(LOAD, decide(read, gone, gone));
    }

    @Test
    void aFileIsMissingWhenTwoLooksDoNotSeeIt() {
        Map<Path, Stamp> read = Map.of(A_FILE, version(1));
        FolderSnapshot none = look(Map.of());
        assertEquals(MOVING, decide(read, look(read), none));
        assertEquals(MISSING, decide(read, none, none));
    }

    @Test
    void nothingIsMissingInAFolderThatCannotBeRead() {
        Map<Path, Stamp> read = Map.of(A_FILE, version(1));
        FolderSnapshot gone = new FolderSnapshot(false, Map.of(), Map.of(), List.of());
        assertEquals(NOTHING, decide(read, gone, gone));
        assertEquals(MOVING, decide(read, gone, look(Map.of())));
    }
}
