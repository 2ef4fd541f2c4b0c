package org.anycastdns.announcer.health;

/// How much evidence a change of mind takes.
///
/// @param fall failed probes in a row, on one transport, after which it is down (at least 1)
/// @param rise good probes in a row, on each transport, after which it is up (at least 1)
/// @param silentTicks ticks without a beat after which the lifeline counts as silent (at least 1)
/// @param quietTicks ticks without a probe's end after which a transport is down: our own prober
///   hangs, and nothing is known (at least 1)
public record Limits(int fall, int rise, int silentTicks, int quietTicks) {

    /// Between two ticks, in milliseconds: the lifeline's own beat, so a tick is a missed beat.
    public static final int TICK_MILLIS = 100;

    /// Five missed beats (half a second): four can be lost to a garbage collection or a busy host
    /// on either side; and by then two probes have met a hung responder and timed out as well.
    public static final int SILENT_TICKS = 5;

    /// One second more than the probes that make a fall take, so that a prober that merely waits
    /// for a dead responder is never taken for a hung one.
    private static final int QUIET_MARGIN_TICKS = 10;

    public Limits {
        if (fall < 1 || rise < 1 || silentTicks < 1 || quietTicks < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// The limits for probes of this pace.
    ///
    /// @param intervalMillis between two probes of a transport
    /// @param timeoutMillis how long a probe may take
    public static Limits of(int fall, int rise, int intervalMillis, int timeoutMillis) {
        int quietMillis = fall * (intervalMillis + timeoutMillis);
        return new Limits(fall, rise, SILENT_TICKS, quietMillis / TICK_MILLIS + QUIET_MARGIN_TICKS);
    }
}
