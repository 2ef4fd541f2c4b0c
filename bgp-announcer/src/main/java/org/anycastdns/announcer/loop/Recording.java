package org.anycastdns.announcer.loop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.anycastdns.announcer.decision.Decision;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.LongLived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what the health loop takes and decides to a file, one JSON object a line. It has its own
/// thread: a slow file or a full disk loses lines, which are counted, and never delays the loop.
///
/// Every line has the wall clock time (`time`), the time since the loop was created (`nanos`) and a
/// kind. The line after a gap says how many lines are missing (`lost-before`).
public final class Recording implements Recorder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

    /// The maximum number of waiting lines: more than a minute of a usual announcer, which has some
    /// 40 inputs a second.
    static final int LINES_MAX = 4096;

    /// The maximum size of the file: more than two days of a usual announcer. A forgotten recording
    /// must not fill the disk.
    private static final long BYTES_MAX = 1L << 30;

    /// The field that tells how many lines are missing before this one.
    static final String LOST_BEFORE = "lost-before";

    /// How long the thread waits for a line before it looks whether it is to end.
    private static final Duration POLL = Duration.ofMillis(100);

    /// How long to wait at the end for the last lines.
    private static final Duration JOIN = Duration.ofSeconds(1);

    private final Path file;
    private final FileChannel channel;
    private final long bytesMax;
    private final BlockingQueue<Map<String, Object>> queue = new ArrayBlockingQueue<>(LINES_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;

    /// Lines that found no room since the last one that did; used by the health loop alone.
    private long skipped;

    /// When the first state was made; used by the health loop alone.
    private long baseNanos;

    /// Lines since the last one in the file; used by the writing thread alone.
    private long unwritten;

    private boolean complained;
    private volatile boolean closed;

    /// Opens the file and starts the thread. An existing file is continued, because a supervisor
    /// may start the announcer again after the very fault that is to be found.
    ///
    /// @throws IOException when the file cannot be written; the message says which and why
    public static Recording to(Path file) throws IOException {
        return to(file, BYTES_MAX);
    }

    static Recording to(Path file, long bytesMax) throws IOException {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new IOException("it is not a regular file");
            }
            FileChannel channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            channel.position(channel.size());
            Recording recording = new Recording(file, channel, bytesMax);
            recording.start();
            return recording;
        } catch (IOException e) {
            throw new IOException("cannot record to " + file + ": " + reason(e), e);
        }
    }

    /// Creates a recording whose thread has not started.
    Recording(Path file, FileChannel channel, long bytesMax) {
        this.file = file;
        this.channel = channel;
        this.bytesMax = bytesMax;
        this.thread = LongLived.restarted("record", this::run);
    }

    void start() {
        thread.start();
    }

    /// Returns how many lines could not be written.
    public long lost() {
        return lost.get();
    }

    @Override
    public void began(LoopSettings settings, long createdNanos, long nowNanos) {
        baseNanos = createdNanos;
        add(nowNanos, RecordedLine.of(settings));
    }

    @Override
    public void took(Input input, long arrivedNanos, long nowNanos) {
        Map<String, Object> line = RecordedLine.of(input);
        line.put("arrived", arrivedNanos - baseNanos);
        add(nowNanos, line);
    }

    @Override
    public void decided(String service, Decision decision, long nowNanos) {
        add(nowNanos, RecordedLine.of(service, decision));
    }

    /// Writes the waiting lines for at most a second and closes the file.
    @Override
    public void close() {
        close(JOIN);
    }

    /// Writes the waiting lines and closes the file.
    ///
    /// @param patience how long to wait for that
    void close(Duration patience) {
        closed = true;
        try {
            if (!thread.join(patience)) {
                LOG.warn("the recording {} does not end in time", file);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (lost() > 0) {
            LOG.warn("the recording {} lacks {} lines", file, lost());
        }
    }

    private void add(long nowNanos, Map<String, Object> fields) {
        Map<String, Object> line = line(nowNanos - baseNanos, fields);
        if (skipped > 0) {
            line.put(LOST_BEFORE, skipped);
        }
        if (queue.offer(line)) {
            skipped = 0;
        } else {
            skipped++;
            lost.incrementAndGet();
        }
    }

    static Map<String, Object> line(long nanos, Map<String, Object> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("nanos", nanos);
        line.putAll(fields);
        return line;
    }

    private void run() {
        try {
            while (true) {
                boolean last = closed;
                Map<String, Object> line = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (line != null) {
                    write(line);
                } else if (last) {
                    break;
                }
            }
            channel.close();
        } catch (InterruptedException | IOException e) {
            LOG.warn("the recording {} ended: {}", file, e.toString());
        }
    }

    /// Writes a line and those that wait behind it. Either all of them are in the file or none.
    void write(Map<String, Object> first) {
        if (unwritten > 0) {
            first.put(LOST_BEFORE, unwritten + lostBefore(first));
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        long count = 0;
        long missing = 0;
        for (Map<String, Object> line = first;
                line != null;
                line = count < LINES_MAX ? queue.poll() : null) {
            lines.writeBytes(Json.line(line));
            count++;
            missing += 1 + lostBefore(line);
        }
        String failure = append(lines.toByteArray());
        unwritten = failure == null ? 0 : missing;
        if (failure != null) {
            lost.addAndGet(count);
            if (!complained) {
                complained = true;
                LOG.warn("the recording {} loses lines: {}", file, failure);
            }
        }
    }

    private static long lostBefore(Map<String, Object> line) {
        return line.get(LOST_BEFORE) instanceof Long count ? count : 0;
    }

    /// Appends whole lines. Returns why that failed, or null if it did not.
    private @Nullable String append(byte[] lines) {
        try {
            long end = channel.position();
            if (end + lines.length > bytesMax) {
                return "it has reached its maximum of " + bytesMax + " bytes";
            }
            try {
                ByteBuffer rest = ByteBuffer.wrap(lines);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                return null;
            } catch (IOException e) {
                channel.truncate(end);
                return reason(e);
            }
        } catch (IOException e) {
            return reason(e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
