package org.anycastdns.announcer.health;

/// The limits that determine how much evidence a change of grade needs.
///
/// @param fall failed probes in a row after which a transport is down (at least 1)
/// @param rise good probes in a row after which a transport is up (at least 1)
/// @param silentTicks ticks without a beat after which the lifeline is silent (at least 1)
/// @param quietTicks ticks without a finished probe after which a transport is down, because our
///   own prober hangs and nothing is known (at least 1)
/// @param slowNanos how long a correct answer may take before it counts as late, in nanoseconds
/// @param absorbPerSecond the clients' queries per second from which unanswered probes mean
///   overload instead of failure, as long as some are answered
/// @param signatureSeconds the minimum remaining validity of a signature, in seconds
public record Limits(
        int fall,
        int rise,
        int silentTicks,
        int quietTicks,
        long slowNanos,
        double absorbPerSecond,
        long signatureSeconds) {

    /// The time between two ticks in milliseconds. It equals the lifeline's beat interval, so a
    /// tick without a beat is a missed beat.
    public static final int TICK_MILLIS = 100;

    /// The number of missed beats after which the lifeline is silent: five, which is half a second.
    /// Four can be lost to a garbage collection or a busy host on either side. By then, two probes
    /// have also timed out if the responder hangs.
    public static final int SILENT_TICKS = 5;

    /// How long the lifeline may be away before good probes count without it, in ticks: five
    /// seconds. A responder that restarts opens its lifeline before it reads zones, so by then
    /// something else keeps the lifeline away, such as another process on its port.
    static final int ABSENT_TICKS = 50;

    /// Late answers in a row on one transport that make a responder slow: two seconds' worth.
    static final int SLOW_ROW = 10;

    /// The maximum age of the last correct answer of an overloaded responder, in ticks: ten
    /// seconds. After fifty unanswered probes it counts as failed.
    static final int ABSORB_TICKS = 100;

    /// How long the responder's zone report is valid, in ticks: a minute. Afterwards nothing is
    /// known, which is no evidence.
    static final int REPORT_TICKS = 600;

    /// One second in ticks, added to the time of `fall` probes. So a prober that only waits for a
    /// dead responder never counts as hung.
    private static final int QUIET_MARGIN_TICKS = 10;

    public Limits {
        if (fall < 1 || rise < 1 || silentTicks < 1 || quietTicks < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// Creates limits for probes only, with none for slowness, overload and signatures.
    public Limits(int fall, int rise, int silentTicks, int quietTicks) {
        this(
                fall,
                rise,
                silentTicks,
                quietTicks,
                Long.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Long.MIN_VALUE);
    }

    /// Returns the number of ticks without a finished probe after which a transport is down.
    ///
    /// @param intervalMillis the time between two probes of a transport
    /// @param timeoutMillis the maximum time of a probe
    public static int quietTicks(int fall, int intervalMillis, int timeoutMillis) {
        return fall * (intervalMillis + timeoutMillis) / TICK_MILLIS + QUIET_MARGIN_TICKS;
    }
}
