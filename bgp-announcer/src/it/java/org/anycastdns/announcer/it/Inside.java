package org.anycastdns.announcer.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.anycastdns.daemon.kernel.CallNumber;
import org.anycastdns.daemon.kernel.SystemCall;

/// Runs code of the test itself in a network namespace. Its sockets, threads and processes are in
/// the namespace too.
final class Inside {

    /// From linux/sched.h: the file is one of a network namespace.
    private static final int CLONE_NEWNET = 0x4000_0000;

    private Inside() {}

    /// What a test does.
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /// Runs a body on a thread of its own, which is in a namespace.
    static void run(String namespace, Body body) throws Exception {
        call(
                namespace,
                () -> {
                    body.run();
                    return true;
                });
    }

    /// Runs a body as [#run] does, and returns its result.
    static <T> T call(String namespace, Callable<T> body) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .name("inside " + namespace)
                        .start(() -> {
                            try {
                                enter(namespace);
                                result.complete(body.call());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }

    /// Puts the calling thread into a namespace for ever.
    private static void enter(String namespace) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = SystemCall.state(arena);
            MemorySegment path = arena.allocateFrom("/run/netns/" + namespace);
            int file = SystemCall.make(state, CallNumber.OPENAT, -1, path.address(), 0, 0, 0);
            assertEquals(
                    0,
                    SystemCall.make(state, CallNumber.SETNS, file, CLONE_NEWNET, 0, 0, 0),
                    namespace);
            SystemCall.make(state, CallNumber.CLOSE, file, 0, 0, 0, 0);
        }
    }
}
