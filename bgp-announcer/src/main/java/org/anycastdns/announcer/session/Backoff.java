package org.anycastdns.announcer.session;

/// How long to wait after so many failures in a row: doubling from two seconds to thirty.
final class Backoff {

    /// The first wait. GoBGP refuses connections for some seconds after an error; retrying faster
    /// would only prolong that.
    static final long MILLIS_MIN = 2_000;

    /// The longest wait: the price of a neighbor that comes back is at most this.
    static final long MILLIS_MAX = 30_000;

    private Backoff() {}

    static long millis(int failures) {
        int doublings = Math.clamp(failures - 1L, 0, Integer.SIZE / 2);
        return Math.min(MILLIS_MAX, MILLIS_MIN << doublings);
    }
}
