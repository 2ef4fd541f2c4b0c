package org.anycastdns.server.net.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The threads of the JVM's compilers.
public final class Compilers {

    private static final Path THREADS = Path.of("/proc/self/task");

    /// What the JVM calls them to the kernel: of "C2 CompilerThread0" the first 15 octets.
    private static final String NAME_END = " CompilerThre";

    private static final int PRIO_PROCESS = 0;

    /// On a core that they share they get a tenth of what another thread gets (nice(2)).
    private static final int NICE = 10;

    private Compilers() {}

    /// Lets the compilers take the time that others leave: what they still have to do when a flood
    /// comes must not take half of a core from the thread that answers it. Threads that the JVM
    /// starts for them later do the same. Where this cannot be done, it is left.
    ///
    /// @return the number of threads that stepped back
    public static int stepBack() {
        int count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS);
                Arena arena = Arena.ofConfined()) {
            MemorySegment state = Kernel.callState(arena);
            for (Path thread : threads) {
                if (isCompiler(thread)) {
                    long id = Long.parseLong(thread.getFileName().toString());
                    int result =
                            Kernel.call(state, Kernel.SETPRIORITY, PRIO_PROCESS, id, NICE, 0, 0);
                    count += result == 0 ? 1 : 0;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The kernel does not tell its threads: they go on as they did.
        }
        return count;
    }

    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip().endsWith(NAME_END);
        } catch (IOException e) {
            // It has just ended.
            return false;
        }
    }
}
