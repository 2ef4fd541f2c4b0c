package org.anycastdns.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files are opened beneath the folder or not at all, and never waited for.
@Timeout(60)
class FolderTest {

    private static final int RACES = 2_000;

    @TempDir private Path temporary;
    private Path zones;
    private Folder folder;

    @BeforeEach
    void make() throws IOException {
        zones = Files.createDirectory(temporary.resolve("zones"));
        Files.createDirectories(zones.resolve("sub/deep"));
        Files.writeString(zones.resolve("a"), "inside");
        Files.writeString(zones.resolve("sub/b"), "below");
        Files.writeString(temporary.resolve("b"), "secret");
        folder = new Folder(zones);
    }

    private String read(String... steps) throws IOException {
        try (OpenFile file = folder.open(steps)) {
            return new String(file.octets(() -> {}), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(zones.resolve(name), Path.of(target));
    }

    @Test
    void filesOfTheFolderAndOfFoldersInItAreRead() throws IOException {
        assertEquals("inside", read("a"));
        assertEquals("below", read("sub/b"));
        assertEquals("below", read("sub", "b"));
        assertEquals("inside", read("sub/deep/../../a"));
    }

    @Test
    void linksWithinTheFolderAreFollowedAlsoAbsoluteOnes() throws IOException {
        link("l1", "a");
        link("l2", "sub/../l1");
        link("l3", zones.resolve("l2").toString());
        link("current", "sub");
        assertEquals("inside", read("l1"));
        assertEquals("inside", read("l2"));
        assertEquals("inside", read("l3"));
        assertEquals("below", read("current/b"));
        assertEquals("below", read("current", "b"));
    }

    @Test
    void theFolderItselfMayBeReachedThroughALink() throws IOException {
        Path alias = Files.createSymbolicLink(temporary.resolve("alias"), zones);
        folder = new Folder(alias);
        link("l", alias.resolve("a").toString());
        link("m", zones.resolve("a").toString());
        assertEquals("inside", read("a"));
        assertEquals("inside", read("l"));
        assertEquals("inside", read("m"));
    }

    @Test
    void nothingLeadsOut() throws IOException {
        link("out", "../b");
        link("absolute", temporary.resolve("b").toString());
        link("up", "..");
        link("sub/out", "../a");
        for (String path : new String[] {"out", "absolute", "up/b", "../b", "sub/../../b"}) {
            assertThrows(OutsideException.class, () -> read(path), path);
        }
        assertEquals("inside", read("sub/out"));
        assertThrows(OutsideException.class, () -> read("sub", "out"));
    }

    @Test
    void whatIsNoRegularFileIsNeitherReadNorWaitedFor() throws Exception {
        Process made =
                new ProcessBuilder("mkfifo", zones.resolve("fifo").toString()).inheritIO().start();
        assertEquals(0, made.waitFor());
        link("to-fifo", "fifo");
        link("loop", "loop");
        link("nowhere", "gone");
        for (String path : new String[] {"fifo", "to-fifo", "sub", "."}) {
            IOException refused = assertThrows(IOException.class, () -> read(path), path);
            assertEquals("not a regular file", refused.getMessage(), path);
        }
        assertEquals(
                "its symbolic links form a loop",
                assertThrows(IOException.class, () -> read("loop")).getMessage());
        assertThrows(NoSuchFileException.class, () -> read("nowhere"));
        assertThrows(NoSuchFileException.class, () -> read("gone"));
        assertThrows(IOException.class, () -> read("a/b"));
        assertThrows(IOException.class, () -> read("nul\0l"));
    }

    /// A folder is swapped with a link that leads out, again and again while it is read.
    @Test
    void aFolderThatIsSwappedWithALinkNeverLeadsOut() throws Exception {
        Path aside = temporary.resolve("aside");
        Path sub = zones.resolve("sub");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> swapper =
                CompletableFuture.runAsync(() -> {
                    try {
                        while (!over.get()) {
                            Files.move(sub, aside);
                            Files.move(link, sub, StandardCopyOption.ATOMIC_MOVE);
                            Files.move(sub, link, StandardCopyOption.ATOMIC_MOVE);
                            Files.move(aside, sub);
                        }
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
        int refusals = 0;
        for (int i = 0; i < RACES && !swapper.isCompletedExceptionally(); i++) {
            try {
                assertEquals("below", read("sub/b"));
                assertEquals("below", read("sub", "b"));
            } catch (IOException refused) {
                // It was away, or a link, at that moment, and nothing was read.
                refusals++;
            }
        }
        over.set(true);
        swapper.get();
        // The last swap put the folder back.
        assertEquals("below", read("sub/b"), refusals + " refused");
    }

    @Test
    void aFileThatIsOpenForWritingIsTold() throws IOException {
        Path file = zones.resolve("a");
        try (FileChannel _ = FileChannel.open(file, StandardOpenOption.WRITE);
                OpenFile open = folder.open("a")) {
            assertTrue(open.beingWritten());
        }
        try (OpenFile open = folder.open("a")) {
            assertFalse(open.beingWritten());
            assertEquals('e', open.last());
            assertEquals(6, open.size());
        }
    }

    /// The kernel tells a holder of a lease by a signal that somebody wants to write; the usual one
    /// would end the process.
    @Test
    void aWriterWaitsUntilTheFileIsReadAndThisProcessLivesOn() throws Exception {
        Process writer;
        try (OpenFile open = folder.open("a")) {
            assertFalse(open.beingWritten());
            writer =
                    new ProcessBuilder("sh", "-c", "echo started; printf changed > \"$0\"")
                            .command(
                                    "sh",
                                    "-c",
                                    "echo started; printf changed > \"$0\"",
                                    zones.resolve("a").toString())
                            .start();
            assertEquals("started", writer.inputReader().readLine());
            assertEquals(
                    "inside",
                    new String(open.octets(() -> {}), java.nio.charset.StandardCharsets.US_ASCII));
        }
        assertEquals(0, writer.waitFor());
        assertEquals("changed", read("a"));
    }
}
