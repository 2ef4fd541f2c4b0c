package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Budget;
import org.anycastdns.server.zonefile.ReadRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reloads 20,000 zones, among them 100 with all kinds of faults at once.
@Timeout(600)
class ManyZonesIT {

    private static final int ZONES = 20_000;
    private static final int BAD = 100;
    private static final long WAIT_SECONDS = 120;

    /// The faulty zones may lengthen the reload by this factor; the rest is noise of the machine.
    private static final double RATIO_MAX = 1.5;

    @TempDir private Path folder;
    @TempDir private Path outside;

    private final List<FileChannel> writers = new ArrayList<>();
    private volatile @Nullable ZonesStatus published;
    private volatile boolean armed;

    @AfterEach
    void end() throws IOException {
        for (FileChannel writer : writers) {
            writer.close();
        }
    }

    private static String name(int i) {
        return "z%05d.test".formatted(i);
    }

    private Path file(int i) {
        return folder.resolve(name(i) + ".zone");
    }

    private void write(int serial, int from) throws IOException {
        for (int i = from; i < ZONES; i++) {
            Files.writeString(file(i), text(serial));
        }
    }

    private static String text(int serial) {
        return """
        $TTL 300
        @ SOA ns hostmaster %d 3600 600 604800 300
        @ NS ns.example.net.
        www A 192.0.2.1
        mail AAAA 2001:db8::1
        """
                .formatted(serial);
    }

    /// Injects faults while a zone is read and built, and lets files disappear.
    private void fault(Stage stage, Name zone) {
        if (!armed) {
            return;
        }
        int number = Integer.parseInt(zone.toString().substring(1, 6));
        if (number >= BAD) {
            return;
        }
        int kind = number % 12;
        if (kind == 9 && stage == Stage.BUILD) {
            throw new ArrayIndexOutOfBoundsException(number);
        } else if (kind == 10 && stage == Stage.READ) {
            throw new StackOverflowError();
        } else if (kind == 11 && stage == Stage.READ) {
            try {
                Files.deleteIfExists(file(number));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void spoil(int i) throws IOException, InterruptedException {
        Path file = file(i);
        Files.delete(file);
        switch (i % 12) {
            case 0 ->
                    assertEquals(
                            0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
            case 1 -> {
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(700L << 20);
                }
            }
            case 2 ->
                    Files.writeString(
                            file,
                            text(3)
                                    + "$GENERATE 1-9999 h$ A 192.0.2.1\n"
                                    + "x A 192.0.2.1\n".repeat(2_000));
            case 3 -> {
                FileChannel writer =
                        FileChannel.open(
                                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                writers.add(writer);
                writer.write(
                        java.nio.ByteBuffer.wrap(
                                text(3).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            }
            case 4 -> Files.writeString(file, text(3) + "h A 192.0.2.1");
            case 5 -> Files.createSymbolicLink(file, outside.resolve("secret"));
            case 6 -> Files.createSymbolicLink(file, file.getFileName());
            case 7 -> Files.createDirectory(file);
            case 8 -> {
                Path own = Files.createDirectory(folder.resolve(name(i)));
                Files.writeString(own.resolve("a"), "; much\n".repeat(50_000));
                Files.writeString(file, text(3) + "$INCLUDE %s/a\n".formatted(name(i)).repeat(990));
            }
            case 11 -> Files.writeString(file, text(3));
            default -> Files.write(file, new byte[10_000]);
        }
    }

    private long reload(Reloader reloader) throws Exception {
        long start = System.nanoTime();
        var _ = reloader.reload(false).get(WAIT_SECONDS, TimeUnit.SECONDS);
        return System.nanoTime() - start;
    }

    @Test
    void theOthersReloadInTheUsualTime() throws Exception {
        Files.writeString(outside.resolve("secret"), text(3));
        write(1, 0);
        Budget budget = new Budget(1 << 20, 5_000, 100 << 20, Long.MAX_VALUE, Budget.ZONE_TIME);
        try (Reloader reloader =
                WatchedFolder.reloader(
                        folder,
                        ReadRules.DEFAULT.within(budget),
                        now -> published = now,
                        this::fault)) {
            assertEquals(List.of(), reloader.load(true));
            reloader.start(null);
            write(2, 0);
            long usual = reload(reloader);
            assertServed(2, 0);
            write(3, BAD);
            for (int i = 0; i < BAD; i++) {
                spoil(i);
            }
            armed = true;
            long withBad = reload(reloader);
            assertServed(3, BAD);
            for (int i = 0; i < BAD; i++) {
                ZoneState state = status().zones().get(i);
                if (i % 12 == 4) {
                    // On a busy machine, the file may have been unchanged for long enough.
                    continue;
                }
                assertTrue(state.available(), name(i));
                assertTrue(!state.error().isEmpty() || !state.waiting().isEmpty(), state::toString);
                assertEquals(2, Objects.requireNonNull(state.zone()).serial());
            }
            assertTrue(
                    withBad < RATIO_MAX * usual,
                    "usual %d ms, with bad zones %d ms"
                            .formatted(usual / 1_000_000, withBad / 1_000_000));
        }
    }

    private void assertServed(int serial, int from) {
        assertEquals(ZONES, status().availableCount());
        assertEquals(
                ZONES - from,
                status().set().zones().stream()
                        .skip(from)
                        .filter(zone -> zone.serial() == serial)
                        .count());
    }

    private ZonesStatus status() {
        return Objects.requireNonNull(published);
    }
}
