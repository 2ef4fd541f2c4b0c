package org.anycastdns.server.net;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.anycastdns.server.net.posix.Priority;
import org.anycastdns.server.net.posix.Support;

/// The threads that make the messages of transfers. They have a low priority, and none of them
/// answers queries, so that transfers take only the time that answers leave.
final class StreamThreads implements Executor, AutoCloseable {

    private final ExecutorService threads;

    /// @param loops number of event loops; half as many threads make messages, so that transfers
    ///   alone never take all cores
    StreamThreads(int loops) {
        threads = Executors.newFixedThreadPool(Math.max(1, loops / 2), factory());
    }

    private static ThreadFactory factory() {
        ThreadFactory factory = new DefaultThreadFactory("transfer-out", true);
        return task ->
                factory.newThread(() -> {
                    if (Lowering.IS_POSSIBLE) {
                        boolean _ = Priority.lower();
                    }
                    task.run();
                });
    }

    /// Tried when the first transfer begins.
    private static final class Lowering {

        private static final boolean IS_POSSIBLE = Support.missing().isEmpty();
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /// Ends the threads. Call it after the event loops have ended.
    @Override
    public void close() {
        var _ = threads.shutdownNow();
    }
}
