package org.anycastdns.announcer.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.PollSet;
import org.anycastdns.daemon.kernel.SystemCall;
import org.anycastdns.daemon.kernel.Timespec;

/// A file descriptor for a process (pidfd, Linux 5.3). It means this process even when its number
/// is given to another one, and the kernel reports when the process ends.
public final class ProcessDescriptor implements AutoCloseable {

    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    /// There is no such process (errno-base.h).
    private static final int ESRCH = -3;

    /// The number is none of a process (errno-base.h).
    private static final int EINVAL = -22;

    /// The largest number that Linux gives to a process (threads.h).
    private static final long PID_MAX = 1 << 22;

    private final int descriptor;

    private ProcessDescriptor(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Opens a descriptor for a running process.
    ///
    /// @throws IOException when there is no such process, or the system has no such descriptors
    public static ProcessDescriptor open(long pid) throws IOException {
        if (!LINUX) {
            throw new IOException("only Linux reports the end of any process");
        }
        if (pid < 1 || pid > PID_MAX) {
            throw new IOException("that is no number of a process");
        }
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    SystemCall.make(
                            SystemCall.state(arena), CallNumber.PIDFD_OPEN, pid, 0, 0, 0, 0);
            if (result < 0) {
                throw new IOException(
                        switch (result) {
                            case ESRCH -> "it is not running";
                            case EINVAL -> "that is no number of a process";
                            default -> "error %d of pidfd_open".formatted(-result);
                        });
            }
            return new ProcessDescriptor(result);
        }
    }

    /// Waits until at least one of the processes has ended, or the time is over. Returns for each
    /// whether it has ended.
    public static boolean[] awaitEnds(List<ProcessDescriptor> processes, Duration limit) {
        try (Arena arena = Arena.ofConfined()) {
            int[] descriptors = processes.stream().mapToInt(one -> one.descriptor).toArray();
            PollSet polled = new PollSet(arena, descriptors);
            MemorySegment time = Timespec.of(arena, limit);
            int result =
                    SystemCall.make(
                            SystemCall.state(arena),
                            CallNumber.PPOLL,
                            polled.address(),
                            descriptors.length,
                            time.address(),
                            0,
                            0);
            boolean[] ended = new boolean[descriptors.length];
            for (int i = 0; i < ended.length && result > 0; i++) {
                ended[i] = polled.isReady(i);
            }
            return ended;
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            int _ =
                    SystemCall.make(
                            SystemCall.state(arena), CallNumber.CLOSE, descriptor, 0, 0, 0, 0);
        }
    }
}
