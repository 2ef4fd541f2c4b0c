package org.anycastdns.benchmarks.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The control groups (cgroup v2) of a run, one for each server. They account the CPU time of all
/// threads and processes precisely rather than in ticks, including those that have ended. They can
/// freeze or kill all processes of a server at once.
final class Groups {

    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final long END_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    /// A server may write many zones before it ends.
    private static final long TERMINATE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

    private static final long LOOK_NANOS = 5_000_000;

    private final Path root;

    /// Names the groups of a run, whether or not they exist yet.
    ///
    /// @throws IOException if no cgroup v2 file system is writable
    Groups(String id) throws IOException {
        try (Stream<String> mounts = Files.lines(MOUNTS)) {
            root =
                    mounts.map(line -> line.split(" "))
                            .filter(words -> words[2].equals("cgroup2"))
                            .map(words -> Path.of(words[1]))
                            .filter(Files::isWritable)
                            .map(mount -> mount.resolve("anycastdns-compare-" + id))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IOException(
                                            "no control groups of version 2 can be written: mount -t"
                                                    + " cgroup2 none /sys/fs/cgroup/unified"));
        }
    }

    /// Creates a group.
    Group group(String name) throws IOException {
        return new Group(Files.createDirectories(root.resolve(name)));
    }

    /// Returns the CPU time of everything that has run in any group, in microseconds.
    long cpuMicros() throws IOException {
        return new Group(root).cpuMicros();
    }

    /// Kills every process of every group and removes the groups. A generator that is still running
    /// may remove the group of an ended server at the same time, so this repeats until all are
    /// gone.
    ///
    /// @return what could not be removed
    List<String> remove() {
        long end = System.nanoTime() + END_NANOS_MAX;
        while (Files.isDirectory(root)) {
            try (Stream<Path> folders = Files.list(root)) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    new Group(folder).close();
                }
                Files.delete(root);
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    return List.of("control group " + root + ": " + e.getMessage());
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        return List.of();
    }

    /// Deletes a folder. The kernel may report it as busy while it cleans up the last process.
    private static void delete(Path folder, long end) throws IOException {
        while (true) {
            try {
                Files.deleteIfExists(folder);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /// One control group.
    record Group(Path folder) {

        private static final String FROZEN = "1";
        private static final String THAWED = "0";

        /// Returns a command line that starts a command in this group.
        List<String> inside(List<String> command) {
            List<String> line =
                    new ArrayList<>(
                            List.of(
                                    "sh",
                                    "-c",
                                    "echo $$ > \"$0\" && exec \"$@\"",
                                    folder.resolve("cgroup.procs").toString()));
            line.addAll(command);
            return line;
        }

        /// Returns the CPU time of everything that has run in this group, in microseconds.
        long cpuMicros() throws IOException {
            for (String line : Files.readAllLines(folder.resolve("cpu.stat"))) {
                if (line.startsWith("usage_usec ")) {
                    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
                }
            }
            throw new IOException(folder + "/cpu.stat has no usage_usec");
        }

        /// Returns the memory of its processes in bytes. Shared pages are divided among the
        /// processes that share them (PSS).
        long memory() throws IOException {
            return sum("smaps_rollup", "Pss:");
        }

        /// Returns the most memory that its processes have had resident, in bytes, as a sum
        /// (VmHWM). Shared pages count for each process.
        long peakMemory() throws IOException {
            return sum("status", "VmHWM:");
        }

        /// Returns the sum of a line of a file of each process, which is in KB. A process that has
        /// just ended does not count.
        private long sum(String file, String begin) throws IOException {
            long kilobytes = 0;
            for (String process : Files.readAllLines(folder.resolve("cgroup.procs"))) {
                Path path = Path.of("/proc", process, file);
                try {
                    for (String line : Files.readAllLines(path)) {
                        if (line.startsWith(begin)) {
                            kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                        }
                    }
                } catch (IOException e) {
                    if (Files.exists(path)) {
                        throw e;
                    }
                }
            }
            return kilobytes * 1_024;
        }

        /// Freezes all its processes.
        void freeze() throws IOException {
            Files.writeString(folder.resolve("cgroup.freeze"), FROZEN);
        }

        /// Lets its processes continue.
        void thaw() throws IOException {
            Files.writeString(folder.resolve("cgroup.freeze"), THAWED);
        }

        /// Lets its processes end by themselves (SIGTERM), and waits for that for some time.
        void terminate() throws IOException {
            for (String process : Files.readAllLines(folder.resolve("cgroup.procs"))) {
                ProcessHandle.of(Long.parseLong(process)).ifPresent(ProcessHandle::destroy);
            }
            long end = System.nanoTime() + TERMINATE_NANOS_MAX;
            while (!Files.readString(folder.resolve("cgroup.events")).contains("populated 0")
                    && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }

        /// Kills its processes and removes the group.
        void close() throws IOException {
            if (!Files.isDirectory(folder)) {
                return;
            }
            Files.writeString(folder.resolve("cgroup.kill"), "1");
            long end = System.nanoTime() + END_NANOS_MAX;
            while (!Files.readString(folder.resolve("cgroup.events")).contains("populated 0")) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException("processes of " + folder + " do not end");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            delete(folder, end);
        }
    }
}
