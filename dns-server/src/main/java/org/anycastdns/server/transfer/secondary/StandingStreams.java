package org.anycastdns.server.transfer.secondary;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.anycastdns.daemon.LongLived;
import org.anycastdns.server.transfer.secondary.PrimaryStream.User;
import org.jspecify.annotations.Nullable;

/// The connections to one primary over TLS. A request takes one that no other uses, so that many
/// zones share the handshake (RFC 9103 section 6.3.1); only requests at the same time need more
/// than one. After it, the connection stays for as long as the primary says (RFC 7828).
///
/// After a connection that could not be made there is none for a while, so that many zones do not
/// all knock at a primary which is down. An event loop owns it.
final class StandingStreams {

    /// The first wait after a connection that could not be made; it doubles each time.
    static final long FIRST_WAIT_MILLIS = 1_000;

    /// The longest wait: a primary that is back is noticed soon.
    static final long WAIT_MILLIS_MAX = 16_000;

    /// Connections that stay at most. Others end after their request.
    static final int IDLE_MAX = 4;

    private final EventLoop loop;
    private final Primary primary;
    private final Deque<PrimaryStream> idle = new ArrayDeque<>();
    private int failures;
    private long redialNanos = System.nanoTime();

    StandingStreams(EventLoop loop, Primary primary) {
        this.loop = loop;
        this.primary = primary;
    }

    EventLoop loop() {
        return loop;
    }

    /// Returns a connection, which may still have to be made; null for a while after one that could
    /// not be made.
    ///
    /// @param fresh whether it must be a new one
    @Nullable PrimaryStream take(User user, boolean fresh) {
        for (PrimaryStream stream = fresh ? null : idle.poll();
                stream != null;
                stream = idle.poll()) {
            if (stream.isOpen()) {
                stream.use(user);
                return stream;
            }
        }
        return System.nanoTime() - redialNanos < 0
                ? null
                : new PrimaryStream(loop, primary, user, this::dialed);
    }

    private void dialed(boolean isOpen) {
        failures = isOpen ? 0 : failures + 1;
        if (!isOpen) {
            redialNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis(failures));
        }
    }

    /// Returns how long there is no connection after some in a row could not be made.
    static long waitMillis(int failures) {
        long wait = FIRST_WAIT_MILLIS;
        for (int i = 1; i < failures && wait < WAIT_MILLIS_MAX; i++) {
            wait *= 2;
        }
        return Math.min(wait, WAIT_MILLIS_MAX);
    }

    /// Takes back a connection whose request has got all of its response.
    ///
    /// @param keepMillis how long it may be idle; 0 to end it
    void leave(PrimaryStream stream, long keepMillis) {
        if (keepMillis <= 0 || idle.size() >= IDLE_MAX || !stream.isOpen()) {
            stream.close();
            return;
        }
        stream.use(null);
        idle.addFirst(stream);
        int uses = stream.uses();
        var _ =
                loop.schedule(
                        LongLived.task(() -> {
                            if (stream.uses() == uses && idle.remove(stream)) {
                                stream.close();
                            }
                        }),
                        keepMillis,
                        TimeUnit.MILLISECONDS);
    }
}
