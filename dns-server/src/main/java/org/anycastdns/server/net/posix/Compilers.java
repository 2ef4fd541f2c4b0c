package org.anycastdns.server.net.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Controls the priority of the JVM's JIT compiler threads.
public final class Compilers {

    private static final Path THREADS = Path.of("/proc/self/task");

    /// End of the threads' names in the kernel, which keeps 15 octets of a name such as "C2
    /// CompilerThread0".
    private static final String NAME_END = " CompilerThre";

    private Compilers() {}

    /// Lowers the priority of the JIT compiler threads, so that they use only the time that other
    /// threads leave. When a flood arrives, pending compilations must not take half of a core from
    /// the thread that answers it. Compiler threads that the JVM starts later get the same
    /// priority. Errors are ignored.
    ///
    /// @return number of threads whose priority was lowered
    public static int stepBack() {
        int count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                if (isCompiler(thread)) {
                    long id = Long.parseLong(thread.getFileName().toString());
                    count += Priority.lower(id) ? 1 : 0;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The threads cannot be listed; their priority stays as it is.
        }
        return count;
    }

    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip().endsWith(NAME_END);
        } catch (IOException e) {
            // The thread has just ended.
            return false;
        }
    }
}
