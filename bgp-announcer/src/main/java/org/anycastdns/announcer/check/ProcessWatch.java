package org.anycastdns.announcer.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.kernel.ProcessDescriptor;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.daemon.Loop;
import org.jspecify.annotations.Nullable;

/// Watches all processes of `process` checks on one thread. The kernel reports the end of a process
/// at once. Between such reports the thread looks whether a PID file names another process.
final class ProcessWatch extends Loop {

    /// The time between two looks at the PID files: a restart is noticed soon, and a look costs
    /// little.
    private static final Duration LOOK = Duration.ofMillis(100);

    /// The longest content of a PID file that is read; the largest PID has seven digits.
    private static final int PIDFILE_BYTES_MAX = 32;

    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    ProcessWatch() {
        super("process-watch", LongLived::restarted);
    }

    /// Adds a process.
    ///
    /// @param sink receives a result at each interval and at each change, on the thread of the
    ///   watch
    /// @return ends the watch over this process
    AutoCloseable add(CheckConfig.PidFile config, Consumer<CheckResult> sink) {
        Watched one = new Watched(config.pidfile(), config.interval(), sink);
        watched.add(one);
        return () -> one.closed = true;
    }

    @Override
    protected void round() {
        watched.removeIf(Watched::ended);
        List<Watched> running = new ArrayList<>();
        for (Watched one : watched) {
            one.look();
            if (one.process != null) {
                running.add(one);
            }
        }
        if (running.isEmpty()) {
            pause(LOOK.toNanos());
            return;
        }
        boolean[] ended =
                ProcessDescriptor.awaitEnds(
                        running.stream().map(Watched::descriptor).toList(), LOOK);
        for (int i = 0; i < ended.length; i++) {
            if (ended[i]) {
                running.get(i).died();
            }
        }
    }

    /// One process, used by the thread of the watch alone except for its end.
    private static final class Watched {

        private final Path pidfile;
        private final Duration interval;
        private final Consumer<CheckResult> sink;
        private volatile boolean closed;
        private long pid;

        /// When the PID file was written that named the process.
        private @Nullable FileTime written;

        private @Nullable ProcessDescriptor process;
        private String trouble = "";
        private long toldNanos;
        private boolean told;

        Watched(Path pidfile, Duration interval, Consumer<CheckResult> sink) {
            this.pidfile = pidfile;
            this.interval = interval;
            this.sink = sink;
        }

        ProcessDescriptor descriptor() {
            ProcessDescriptor open = process;
            if (open == null) {
                throw new IllegalStateException("no process is watched");
            }
            return open;
        }

        /// Returns whether the watch over this process has been ended.
        boolean ended() {
            if (closed) {
                release();
            }
            return closed;
        }

        /// Follows the PID file, and tells the state when it is time.
        void look() {
            follow();
            long now = System.nanoTime();
            if (!told || now - toldNanos >= interval.toNanos()) {
                tell();
            }
        }

        /// Takes note of the end of the process. A successor that the PID file names already takes
        /// its place.
        void died() {
            trouble = "process %d of %s has ended".formatted(pid, pidfile);
            release();
            follow();
            if (process == null) {
                tell();
            }
        }

        private void tell() {
            told = true;
            toldNanos = System.nanoTime();
            sink.accept(
                    process == null
                            ? new CheckResult.Failed(trouble, true)
                            : new CheckResult.Good(0));
        }

        private void follow() {
            long named;
            FileTime now;
            try {
                now = Files.getLastModifiedTime(pidfile);
                named = read();
            } catch (NoSuchFileException _) {
                complain("there is no file " + pidfile);
                return;
            } catch (IOException | NumberFormatException e) {
                complain("cannot read %s: %s".formatted(pidfile, Certificates.words(e)));
                return;
            }
            // Once the process has ended, the same file may name a stranger with its number.
            if (named == pid && (process != null || now.equals(written))) {
                return;
            }
            ProcessDescriptor next = open(named);
            if (next != null) {
                told &= process != null; // that a process is there again is told at once
                release();
                process = next;
                pid = named;
                written = now;
            }
        }

        private @Nullable ProcessDescriptor open(long named) {
            try {
                ProcessDescriptor opened = ProcessDescriptor.open(named);
                if (!ProcessDescriptor.awaitEnds(List.of(opened), Duration.ZERO)[0]) {
                    return opened;
                }
                opened.close(); // it has ended, and its parent has not taken note yet
                complain("%s names process %d: it has ended".formatted(pidfile, named));
            } catch (IOException e) {
                complain("%s names process %d: %s".formatted(pidfile, named, e.getMessage()));
            }
            return null;
        }

        /// Remembers why no process is watched. The end of the last one says more than an old file.
        private void complain(String why) {
            if (process == null && !trouble.endsWith("has ended")) {
                trouble = why;
            }
        }

        private void release() {
            ProcessDescriptor open = process;
            process = null;
            if (open != null) {
                open.close();
            }
        }

        private long read() throws IOException {
            try (InputStream in = Files.newInputStream(pidfile)) {
                byte[] start = in.readNBytes(PIDFILE_BYTES_MAX);
                return Long.parseLong(new String(start, StandardCharsets.US_ASCII).strip());
            }
        }
    }
}
