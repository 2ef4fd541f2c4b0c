package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.anycastdns.server.reload.Faults.Stage;
import org.anycastdns.server.reload.ZoneState.Condition;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Files that are still being written are not read.
@Timeout(120)
class WaitingTest extends WatchedFolder {

    private final CountDownLatch attempts = new CountDownLatch(2);
    private Path file;

    @BeforeEach
    void make() {
        file = folder.resolve("a.test.zone");
        reloader =
                reloader(
                        folder,
                        ReadRules.DEFAULT,
                        published::add,
                        (stage, _) -> {
                            if (stage == Stage.READ) {
                                attempts.countDown();
                            }
                        });
    }

    private void serve() throws IOException, InterruptedException {
        Files.writeString(file, HEAD.formatted(1));
        assertEquals(List.of(), reloader.load(true));
        reloader.start(LOOK);
        assertEquals(1, next().availableCount());
    }

    private static ZoneState only(ZonesStatus status) {
        return status.zones().getFirst();
    }

    private static int serial(ZonesStatus status) {
        return Objects.requireNonNull(only(status).zone()).serial();
    }

    private static void write(FileChannel to, String text) throws IOException {
        to.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aWriterThatPausesInTheMiddleOfALineIsWaitedFor() throws Exception {
        serve();
        ZonesStatus waits;
        try (FileChannel writer =
                FileChannel.open(
                        file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(writer, HEAD.formatted(2) + "h A 192.0.2.1");
            waits = next();
            assertEquals(
                    file + " waits: another process has it open for writing",
                    only(waits).waiting());
            assertEquals(1, waits.waitingCount());
            assertEquals(Condition.SERVED, only(waits).condition());
            assertEquals(1, serial(waits));
            write(writer, "80\n");
        }
        ZonesStatus complete = next();
        assertEquals(2, serial(complete));
        assertEquals("", only(complete).waiting());
        assertEquals(3, complete.recordCount());
    }

    @Test
    void aLastLineWithoutItsEndIsWaitedForUntilItComes() throws Exception {
        serve();
        Files.writeString(file, HEAD.formatted(2) + "h A 192.0.2.1");
        assertTrue(only(next()).waiting().contains("its last line has no newline"));
        Files.writeString(file, "80\n", StandardOpenOption.APPEND);
        assertEquals(2, serial(next()));
    }

    @Test
    void aFileWhoseLastLineNeverEndsIsReadWhenItHasBeenStill() throws Exception {
        serve();
        Files.writeString(file, HEAD.formatted(2) + "h A 192.0.2.180");
        ZonesStatus waits = next();
        assertEquals(1, serial(waits));
        assertTrue(only(waits).waiting().contains("its last line has no newline"));
        ZonesStatus taken = next();
        assertEquals(2, serial(taken));
        assertEquals(3, taken.recordCount());
    }

    @Test
    void anOldFileWithoutALastEndIsReadAtOnce() throws Exception {
        serve();
        Settling settling =
                Settling.patient(Clock.offset(Clock.systemUTC(), Settling.STILL.plusSeconds(1)));
        Files.writeString(file, "no end");
        try (var open = new org.anycastdns.server.files.Folder(folder).open("a.test.zone")) {
            assertEquals("", settling.objection(file, Stamp.of(file), open));
        }
    }

    @Test
    void aNewZoneThatIsBeingWrittenIsShownAndServedWhenItIsComplete() throws Exception {
        serve();
        Path other = folder.resolve("b.test.zone");
        try (FileChannel writer =
                FileChannel.open(other, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            write(writer, HEAD.formatted(7));
            ZoneState state = next().zones().getLast();
            assertEquals(Name.of("b.test."), state.apex());
            assertEquals(Condition.ABSENT, state.condition());
            assertTrue(state.waiting().contains("open for writing"), state.waiting());
        }
        assertEquals(2, next().availableCount());
    }

    @Test
    void theStartWaitsForAWriterThatEndsSoon() throws Exception {
        CompletableFuture<List<Problem>> loaded;
        try (FileChannel writer =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            write(writer, HEAD.formatted(1) + "h A 192.0.2.1");
            loaded =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return reloader.load(true);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertTrue(attempts.await(WAIT_SECONDS, TimeUnit.SECONDS));
            write(writer, "80\n");
        }
        assertEquals(List.of(), loaded.get(WAIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(3, next().recordCount());
    }

    @Test
    void theStartDoesNotWaitForALongTime() throws Exception {
        try (FileChannel writer =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            write(writer, HEAD.formatted(1));
            reloader.load(false);
            reloader.start(LOOK);
            ZonesStatus status = next();
            assertEquals(Condition.UNAVAILABLE, only(status).condition());
            assertTrue(only(status).waiting().contains("open for writing"));
        }
        ZonesStatus status = next();
        assertEquals(Condition.SERVED, only(status).condition());
        assertEquals("", only(status).waiting());
    }
}
