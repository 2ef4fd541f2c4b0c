package org.anycastdns.announcer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.anycastdns.announcer.decision.Fleet;
import org.anycastdns.announcer.health.Observation;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.anycastdns.daemon.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a recording holds, and what it costs when its file fails.
class RecordingTest {

    /// The settings of this seed do not matter here.
    private static final LoopSettings SETTINGS =
            new RandomInputs(new SplittableRandom(1)).settings();

    private static final Input WRONG =
            new Input.Observed(
                    "dns",
                    new Observation.Probed(
                            ProbeTransport.UDP,
                            new Outcome.Wrong("SERVFAIL for \"example.com.\"")));

    /// For a machine that is busy with other tests.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path folder;

    @Test
    void everyInputIsOneLineWithItsTimeAndKind() throws IOException {
        Path file = folder.resolve("recording");
        Recording recording = Recording.to(file);
        recording.began(SETTINGS, 1000, 1010);
        recording.took(WRONG, 1015, 1020);
        recording.took(new Input.Tick(), 1030, 1030);
        recording.close(PATIENCE);
        List<String> lines = Files.readAllLines(file);
        assertEquals(3, lines.size(), lines::toString);
        Map<String, Object> probe = Objects.requireNonNull(Json.read(lines.get(1)));
        String time = Objects.requireNonNull(probe.remove("time")).toString();
        assertTrue(time.matches("\\d{4}-\\d\\d-\\d\\dT.*Z"), time);
        assertEquals(
                "{\"nanos\":20,\"kind\":\"probe\",\"transport\":\"udp\",\"outcome\":\"wrong\","
                        + "\"text\":\"SERVFAIL for \\\"example.com.\\\"\","
                        + "\"service\":\"dns\",\"arrived\":15}",
                Json.write(probe));
        assertTrue(lines.getLast().contains("\"kind\":\"tick\""), lines.getLast());
    }

    @Test
    void aFullFileLosesLinesAndCountsThem() throws IOException {
        Path file = folder.resolve("recording");
        Recording recording = Recording.to(file, 0);
        recording.took(WRONG, 0, 0);
        recording.took(WRONG, 1, 1);
        recording.close(PATIENCE);
        assertEquals(2, recording.lost());
        assertEquals("", Files.readString(file));
    }

    @Test
    void whatFindsNoRoomInTheQueueIsCountedWithoutWaiting() throws IOException {
        Path file = folder.resolve("recording");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Recording recording = new Recording(file, channel, Long.MAX_VALUE);
        int over = 10;
        for (int i = 0; i < Recording.LINES_MAX + over; i++) {
            recording.took(new Input.Tick(), i, i);
        }
        assertEquals(over, recording.lost());
        recording.start();
        recording.close(PATIENCE);
        assertEquals(Recording.LINES_MAX, Files.readAllLines(file).size());
    }

    @Test
    void aFileThatFailsAndComesBackHasAGapWithItsLength() throws IOException {
        Path file = folder.resolve("recording");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Recording recording = new Recording(file, channel, 400);
        for (int i = 0; i < 3; i++) {
            recording.write(line("x".repeat(i == 1 ? 500 : 5)));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getLast().contains("\"lost-before\":1"), lines.getLast());
        channel.close();
        recording.write(line("y"));
        assertEquals(2, recording.lost());
    }

    private static Map<String, Object> line(String text) {
        Input input = new Input.Heard("dns", text, Fleet.Stance.ANNOUNCED);
        return Recording.line(0, RecordedLine.of(input));
    }

    @Test
    void aRecordingIsContinuedAndOnlyItsOwnerReadsIt() throws IOException {
        Path file = folder.resolve("recording");
        for (int i = 0; i < 2; i++) {
            Recording recording = Recording.to(file);
            recording.began(SETTINGS, 0, 0);
            recording.close(PATIENCE);
        }
        assertEquals(2, Files.readAllLines(file).size());
        assertEquals(
                "[OWNER_READ, OWNER_WRITE]",
                Files.getPosixFilePermissions(file).stream().sorted().toList().toString());
    }

    @Test
    void aFileThatCannotBeWrittenIsAClearSentence() {
        Path missing = folder.resolve("none").resolve("recording");
        assertEquals("cannot record to " + missing + ": there is no such folder", message(missing));
        assertEquals("cannot record to " + folder + ": it is not a regular file", message(folder));
    }

    private static String message(Path file) {
        return String.valueOf(
                assertThrows(IOException.class, () -> Recording.to(file)).getMessage());
    }
}
