package org.anycastdns.announcer.loop;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LogLimiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue in front of the health loop. Nobody waits for room in it. Thread-safe.
public final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /// The maximum number of queued inputs, enough for some seconds. A full inbox means that the
    /// loop hangs. What is lost then does not matter, because the lease runs out.
    private static final int INPUTS_MAX = 1024;

    /// An input with the time of its arrival.
    ///
    /// @param atNanos when it arrived, by [System#nanoTime]
    record Arrival(Input input, long atNanos) {}

    private final LogLimiter<Class<? extends Input>> lines = new LogLimiter<>("inbox");
    private final BlockingQueue<Arrival> queue = new ArrayBlockingQueue<>(INPUTS_MAX);

    /// Queues an input that another one will soon replace. A full inbox loses it.
    public void see(Input input) {
        if (!queue.offer(new Arrival(input, System.nanoTime()))) {
            lines.log(
                    input.getClass(),
                    more -> LOG.error("the health loop does not keep up; lost {}{}", input, more));
        }
    }

    /// Queues an order. It is carried out or refused, never lost.
    ///
    /// @throws IllegalStateException when the loop does not keep up
    public void order(Input input) {
        if (!queue.offer(new Arrival(input, System.nanoTime()))) {
            throw new IllegalStateException("the health loop does not keep up");
        }
    }

    /// Returns the next input, or null when none arrives in time.
    @Nullable Arrival poll(long nanos) throws InterruptedException {
        return queue.poll(nanos, TimeUnit.NANOSECONDS);
    }
}
