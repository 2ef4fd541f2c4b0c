package org.anycastdns.announcer.session;

/// How often attempts to connect, and sessions, have failed in a row. The delay before the next
/// attempt depends on it.
///
/// A session that ends is worse than an attempt that fails: the neighbor has announced our routes
/// to others and withdraws them again. So sessions that end again and again are damped for longer
/// (DampPeerOscillations, RFC 4271 section 8.1), and a session that came up proves nothing before
/// it has lasted.
///
/// @param attempts how many attempts in a row have failed since the last session
/// @param flaps how many established sessions in a row have ended before they lasted
public record Failures(int attempts, int flaps) {

    /// No failures.
    public static final Failures NONE = new Failures(0, 0);

    /// The first delay in milliseconds. GoBGP refuses connections for some seconds after an error,
    /// and faster retries would only prolong that.
    static final long MILLIS_MIN = 2_000;

    /// The maximum delay between attempts in milliseconds, which bounds the extra outage of a
    /// neighbor that comes back.
    static final long ATTEMPT_MILLIS_MAX = 30_000;

    /// The maximum delay after sessions that ended, in milliseconds. BIRD waits as long after
    /// errors (`error wait time`).
    static final long FLAP_MILLIS_MAX = 300_000;

    /// How long a session must last until its failures are forgotten, in milliseconds. BIRD forgets
    /// errors after the same time (`error forget time`).
    static final long PEACE_MILLIS = 300_000;

    /// Returns the failures after another attempt has failed.
    Failures attempted() {
        return new Failures(attempts + 1, flaps);
    }

    /// Returns the failures after an established session has ended.
    Failures flapped() {
        return new Failures(0, flaps + 1);
    }

    /// Returns the failures of a session that has come up. The attempts before it are forgotten.
    Failures established() {
        return new Failures(0, flaps);
    }

    /// Returns the delay after a failed attempt, in milliseconds. It doubles with every one.
    long attemptDelayMillis() {
        return doubled(attempts, ATTEMPT_MILLIS_MAX);
    }

    /// Returns the delay after a session has ended, in milliseconds. It doubles with every one.
    long flapDelayMillis() {
        return doubled(flaps, FLAP_MILLIS_MAX);
    }

    private static long doubled(int times, long millisMax) {
        int doublings = Math.clamp(times - 1L, 0, Integer.SIZE / 2);
        return Math.min(millisMax, MILLIS_MIN << doublings);
    }
}
