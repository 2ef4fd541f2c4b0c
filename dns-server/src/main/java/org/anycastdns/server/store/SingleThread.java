package org.anycastdns.server.store;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A thread for work in the background, which goes when it has had nothing to do for a while.
final class SingleThread {

    /// How long the thread for new bases stays without work.
    private static final long IDLE_SECONDS = 10;

    private SingleThread() {}

    static Executor named(String name) {
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name(name).daemon().factory());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }
}
