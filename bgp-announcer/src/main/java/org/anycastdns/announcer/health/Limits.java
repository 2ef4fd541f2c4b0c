package org.anycastdns.announcer.health;

/// How much evidence a change of mind takes.
///
/// @param fall failed probes in a row, on one transport, after which it is down (at least 1)
/// @param rise good probes in a row, on each transport, after which it is up (at least 1)
/// @param silentTicks ticks without a beat after which the lifeline counts as silent (at least 1)
/// @param quietTicks ticks without a probe's end after which a transport is down: our own prober
///   hangs, and nothing is known (at least 1)
/// @param slowNanos how long a right answer may take before it counts as late, in nanoseconds
/// @param absorbPerSecond the clients' queries per second from which on unanswered probes tell of
///   overload, not of failure, as long as some are answered
/// @param signatureSeconds how much time a signature must have left
public record Limits(
        int fall,
        int rise,
        int silentTicks,
        int quietTicks,
        long slowNanos,
        double absorbPerSecond,
        long signatureSeconds) {

    /// Between two ticks, in milliseconds: the lifeline's own beat, so a tick is a missed beat.
    public static final int TICK_MILLIS = 100;

    /// Five missed beats (half a second): four can be lost to a garbage collection or a busy host
    /// on either side; and by then two probes have met a hung responder and timed out as well.
    public static final int SILENT_TICKS = 5;

    /// Late answers in a row, on one transport, that make a slow responder: two seconds' worth.
    static final int SLOW_ROW = 10;

    /// How long ago the last right answer of an overloaded responder may be, in ticks: ten seconds,
    /// in which fifty probes found no answer; beyond that it may as well be dead.
    static final int ABSORB_TICKS = 100;

    /// How long the responder's report about its zones counts, in ticks: a minute. Without a new
    /// one nothing is known, which is no evidence.
    static final int REPORT_TICKS = 600;

    /// One second more than the probes that make a fall take, so that a prober that merely waits
    /// for a dead responder is never taken for a hung one.
    private static final int QUIET_MARGIN_TICKS = 10;

    public Limits {
        if (fall < 1 || rise < 1 || silentTicks < 1 || quietTicks < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// The limits for probes, without any for lateness, overload and signatures.
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

    /// How many ticks without a probe's end make a transport down, for probes of this pace.
    ///
    /// @param intervalMillis between two probes of a transport
    /// @param timeoutMillis how long a probe may take
    public static int quietTicks(int fall, int intervalMillis, int timeoutMillis) {
        return fall * (intervalMillis + timeoutMillis) / TICK_MILLIS + QUIET_MARGIN_TICKS;
    }
}
