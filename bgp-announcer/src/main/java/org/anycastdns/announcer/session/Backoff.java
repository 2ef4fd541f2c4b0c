package org.anycastdns.announcer.session;

/// The delay before a retry, which doubles with every failure in a row from 2 to 30 seconds.
final class Backoff {

    /// The first delay in milliseconds. GoBGP refuses connections for some seconds after an error,
    /// and faster retries would only prolong that.
    static final long MILLIS_MIN = 2_000;

    /// The maximum delay in milliseconds, which bounds the extra outage of a neighbor that comes
    /// back.
    static final long MILLIS_MAX = 30_000;

    private Backoff() {}

    static long millis(int failures) {
        int doublings = Math.clamp(failures - 1L, 0, Integer.SIZE / 2);
        return Math.min(MILLIS_MAX, MILLIS_MIN << doublings);
    }
}
