package org.anycastdns.server.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.anycastdns.server.store.PlannedFiles.Fate;
import org.junit.jupiter.api.Test;

class AppendedFileTest {

    private static final long SEED = 20261201;

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(PlannedFiles files) throws IOException {
        try (AppendedFile file = AppendedFile.open(files)) {
            return new String(file.read().octets(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aSnapshotAndWhatWasAppendedAreThere() throws IOException {
        PlannedFiles files = new PlannedFiles();
        try (AppendedFile file = AppendedFile.open(files)) {
            assertTrue(file.read().isWhole());
            assertThrows(IllegalStateException.class, () -> file.append(octets("early")));
            file.replace(octets("one"));
            assertFalse(file.wantsSnapshot());
            file.append(octets(" two"));
            file.append(octets(" three"));
        }
        assertEquals("one two three", text(files));
        try (AppendedFile file = AppendedFile.open(files)) {
            assertTrue(file.read().isWhole());
            assertTrue(file.wantsSnapshot());
            file.replace(octets("four"));
            file.append(new byte[100_000]);
            assertTrue(file.wantsSnapshot());
        }
    }

    @Test
    void everyDamagedOctetEndsTheContent() throws IOException {
        PlannedFiles files = new PlannedFiles();
        try (AppendedFile file = AppendedFile.open(files)) {
            file.replace(octets("one"));
            file.append(octets("two"));
        }
        byte[] good = files.content("members");
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x40;
            PlannedFiles damaged = new PlannedFiles();
            damaged.put("members", bad);
            try (AppendedFile file = AppendedFile.open(damaged)) {
                AppendedFile.Content content = file.read();
                assertFalse(content.isWhole(), "octet " + i);
                assertArrayEquals(octets(i < 12 ? "" : "one"), content.octets(), "octet " + i);
            }
        }
    }

    /// After each operation that fails or at which the power fails, the content is one of those
    /// that were written, and not older than the last that was made durable.
    @Test
    void whatWasSyncedSurvivesAFaultAtEveryOperation() throws IOException {
        int cut = 0;
        for (Fate fate : List.of(Fate.FAILS, Fate.CRASHES)) {
            boolean reached = true;
            for (int at = 1; reached; at++) {
                int fault = at;
                PlannedFiles files =
                        new PlannedFiles().plan(n -> n == fault ? fate : Fate.SUCCEEDS);
                List<String> possible = new ArrayList<>();
                boolean crashed = !write(files, possible);
                reached = files.operations() >= at;
                cut += crashed ? 1 : 0;
                String message = "seed %d, %s at operation %d".formatted(SEED, fate, at);
                files.plan(_ -> Fate.SUCCEEDS);
                assertTrue(possible.contains(text(files.afterKill())), message);
                if (crashed) {
                    SplittableRandom random = new SplittableRandom(SEED + at);
                    assertTrue(possible.contains(text(files.afterCrash(random))), message);
                } else {
                    assertEquals(possible.getLast(), text(files.afterKill()), message);
                }
            }
        }
        assertTrue(cut >= 15, "crashes: " + cut);
    }

    /// Writes, each time again until it succeeds, and returns whether that was to the end.
    ///
    /// @param possible gets what may be there: from the last content that is durable to the last
    private static boolean write(PlannedFiles files, List<String> possible) {
        String content = "";
        possible.add(content);
        try {
            AppendedFile file = null;
            while (file == null) {
                file = tryOpen(files);
            }
            for (int i = 0; i < 12; i++) {
                content += (char) ('a' + i);
                possible.add(content);
                boolean done = false;
                while (!done) {
                    done = tryWrite(file, content, i % 4 == 3);
                }
                if (i % 4 == 3) {
                    possible.clear();
                    possible.add(content);
                }
            }
            return true;
        } catch (PlannedFiles.PowerFailure e) {
            return false;
        }
    }

    private static @org.jspecify.annotations.Nullable AppendedFile tryOpen(PlannedFiles files) {
        try {
            return AppendedFile.open(files);
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean tryWrite(AppendedFile file, String content, boolean syncs) {
        try {
            if (file.wantsSnapshot()) {
                file.replace(octets(content));
            } else {
                file.append(octets(content.substring(content.length() - 1)));
            }
            if (syncs) {
                file.sync();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
