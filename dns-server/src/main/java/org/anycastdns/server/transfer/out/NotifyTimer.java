package org.anycastdns.server.transfer.out;

/// When to tell one secondary of new versions of one zone (RFC 1996 section 3.6). There is one open
/// NOTIFY at most, and it has the newest serial. The first change is told at once, further ones at
/// intervals. Without a reply, NOTIFY is sent again after growing waits.
public final class NotifyTimer {

    /// The shortest time between two new NOTIFYs in milliseconds: a zone that changes all the time
    /// does not flood its secondaries, and yet is told ten times a second.
    public static final long INTERVAL_MILLIS = 100;

    /// The wait before NOTIFY is sent again, in milliseconds; it doubles each time. A reply takes
    /// no second, even from the other side of the world.
    public static final long FIRST_WAIT_MILLIS = 1_000;

    /// How often one NOTIFY is sent. RFC 1996 section 3.6 suggests five retries. The last one is
    /// sent after 31 s, so that a secondary which just restarts gets it.
    public static final int ATTEMPTS_MAX = 6;

    /// Nothing is due.
    public static final long NEVER = Long.MAX_VALUE;

    private State state = State.IDLE;
    private int serial;
    private int attempts;
    private long sentMillis = -INTERVAL_MILLIS;
    private long dueMillis = NEVER;

    /// What became of the newest version.
    public enum State {
        /// Nothing was to be told yet.
        IDLE,
        /// It will be told soon.
        PENDING,
        /// It was told; the reply is awaited.
        SENT,
        /// The secondary has replied.
        ANSWERED,
        /// The secondary has not replied to any attempt. It finds the version by its own timers.
        SILENT
    }

    /// What to do when something is due.
    public enum Action {
        /// Nothing.
        NONE,
        /// Send NOTIFY with {@link #serial}.
        SEND,
        /// Tell the operator that the secondary does not reply.
        GIVE_UP
    }

    /// Notes a new version.
    public void changed(int newSerial, long nowMillis) {
        serial = newSerial;
        attempts = 0;
        state = State.PENDING;
        dueMillis = Math.max(nowMillis, sentMillis + INTERVAL_MILLIS);
    }

    /// Returns when {@link #due} has something to do; {@link #NEVER} if nothing is open.
    public long dueMillis() {
        return dueMillis;
    }

    /// Returns what to do now.
    public Action due(long nowMillis) {
        if (nowMillis < dueMillis) {
            return Action.NONE;
        }
        if (attempts == ATTEMPTS_MAX) {
            state = State.SILENT;
            dueMillis = NEVER;
            return Action.GIVE_UP;
        }
        dueMillis = nowMillis + (FIRST_WAIT_MILLIS << attempts);
        attempts++;
        sentMillis = nowMillis;
        state = State.SENT;
        return Action.SEND;
    }

    /// Notes a reply to the NOTIFY that was sent last. Any reply ends it, whatever its RCODE (RFC
    /// 1996 section 4.8). A newer version that waits is told all the same.
    public void answered() {
        if (state == State.SENT) {
            state = State.ANSWERED;
            dueMillis = NEVER;
        }
    }

    /// Returns the newest serial.
    public int serial() {
        return serial;
    }

    /// Returns what became of the newest version.
    public State state() {
        return state;
    }

    /// Returns how often the newest version was told.
    public int attempts() {
        return attempts;
    }
}
