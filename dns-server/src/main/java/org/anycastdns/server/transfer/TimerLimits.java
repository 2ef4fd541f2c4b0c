package org.anycastdns.server.transfer;

/// Bounds for the times in SOA records, in seconds, and the waits of a zone without data.
///
/// @param refreshMin least REFRESH
/// @param refreshMax greatest REFRESH
/// @param retryMin least RETRY
/// @param retryMax greatest RETRY
/// @param expireMin least EXPIRE
/// @param expireMax greatest EXPIRE
public record TimerLimits(
        long refreshMin,
        long refreshMax,
        long retryMin,
        long retryMax,
        long expireMin,
        long expireMax) {

    private static final long DAY = 86_400;

    /// Bounds that only catch nonsense: a second at least, four weeks at most, as other servers do;
    /// a year for EXPIRE.
    public static final TimerLimits DEFAULT =
            new TimerLimits(1, 28 * DAY, 1, 14 * DAY, 1, 366 * DAY);

    public TimerLimits {
        if (refreshMin < 1 || retryMin < 1 || expireMin < 1) {
            throw new IllegalArgumentException("a time must be at least a second");
        }
    }
}
