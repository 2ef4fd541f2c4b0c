package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.anycastdns.server.files.FileVersion;
import org.junit.jupiter.api.Test;

/// How long a file without an end of its last line has been as it is.
class UnendedFilesTest {

    private static final Path FILE = Path.of("a.test.zone");
    private static final Stamp FIRST = new Stamp(new FileVersion(1, 0, null), true);
    private static final Stamp SECOND = new Stamp(new FileVersion(2, 0, null), true);

    private long nanos;

    private final UnendedFiles files = new UnendedFiles(() -> nanos);

    private boolean still(Path file, Stamp version) {
        return files.hasBeenSeenFor(Settling.STILL, file, version);
    }

    @Test
    void aVersionCountsFromItsFirstSight() {
        assertFalse(still(FILE, FIRST));
        nanos += Settling.STILL.toNanos() - 1;
        assertFalse(still(FILE, FIRST));
        nanos += 1;
        assertTrue(still(FILE, FIRST));
        assertFalse(still(FILE, SECOND));
        nanos += Settling.STILL.toNanos();
        assertTrue(still(FILE, SECOND));
        files.forget(FILE);
        assertFalse(still(FILE, SECOND));
    }

    @Test
    void aFileThatIsLookedAtIsRememberedAndOneThatIsGoneIsNot() {
        Path gone = Path.of("gone.test.zone");
        assertFalse(still(FILE, FIRST));
        assertFalse(still(gone, FIRST));
        Duration look = UnendedFiles.REMEMBERED.dividedBy(2);
        for (int i = 0; i < 3; i++) {
            nanos += look.toNanos();
            assertTrue(still(FILE, FIRST));
        }
        assertEquals(1, files.size());
    }

    @Test
    void aMillionFilesThatComeAndGoTakeNoMoreMemory() {
        for (int i = 0; i < 1_000_000; i++) {
            assertFalse(still(Path.of(i + ".zone"), FIRST));
        }
        assertTrue(files.size() <= UnendedFiles.FILES_MAX, () -> files.size() + " files");
    }
}
