package org.anycastdns.announcer.driver;

import io.netty.channel.EventLoop;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.anycastdns.announcer.session.Timer;
import org.anycastdns.announcer.transport.Connection;
import org.jspecify.annotations.Nullable;

/// The resources of one connection id: the connection, or the attempt to connect, and the timers.
/// Used on the event loop of the neighbor.
final class ConnectionSlot {

    private final Map<Timer, Future<?>> timers = new EnumMap<>(Timer.class);

    /// The connection; null before and after there is one.
    @Nullable Connection connection;

    void arm(Timer timer, EventLoop loop, Runnable expired, long millis) {
        disarm(timer);
        timers.put(timer, loop.schedule(expired, millis, TimeUnit.MILLISECONDS));
    }

    void disarm(Timer timer) {
        Future<?> running = timers.remove(timer);
        if (running != null) {
            running.cancel(false);
        }
    }

    void close() {
        timers.values().forEach(running -> running.cancel(false));
        if (connection != null) {
            connection.close();
        }
    }
}
