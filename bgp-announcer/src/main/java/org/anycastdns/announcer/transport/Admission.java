package org.anycastdns.announcer.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decides which incoming connections are served. The address comes first, so strangers use nothing
/// of the budget that the neighbors share. Used by one thread.
///
/// @param <H> what serves a connection
final class Admission<H> {

    /// The maximum number of connections from neighbors that are served per second. It is twice the
    /// maximum number of neighbors. Together with the second for which a refused connection may
    /// linger, it bounds the number of connections.
    static final int PER_SECOND_MAX = 128;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Function<InetSocketAddress, @Nullable H> reception;
    private long second;
    private int served;

    /// Creates an admission with an unused budget.
    ///
    /// @param reception returns the handler for an address, or null for a stranger
    /// @param nowNanos the time on a monotonic clock
    Admission(Function<InetSocketAddress, @Nullable H> reception, long nowNanos) {
        this.reception = reception;
        this.second = nowNanos;
    }

    /// Returns the handler of a connection, or null if it must be closed.
    ///
    /// @param nowNanos the time on a monotonic clock
    @Nullable H admit(InetSocketAddress remote, long nowNanos) {
        H handler = reception.apply(remote);
        return handler == null || exhausted(nowNanos) ? null : handler;
    }

    private boolean exhausted(long nowNanos) {
        if (nowNanos - second > SECOND_NANOS) {
            second = nowNanos;
            served = 0;
        }
        return ++served > PER_SECOND_MAX;
    }
}
