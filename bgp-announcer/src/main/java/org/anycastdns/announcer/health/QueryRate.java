package org.anycastdns.announcer.health;

import org.anycastdns.announcer.health.Observation.Beat;

/// The rate at which the responder answers its clients, from the count on its lifeline. Our own
/// probes are left out.
///
/// @param queries the count at the start of the window; [Beat#UNCOUNTED] before the first
/// @param beganNanos the start of the window, on a monotonic clock
/// @param probes our own questions since then
/// @param perSecond the rate in the previous window; NaN when unknown
public record QueryRate(long queries, long beganNanos, long probes, double perSecond) {

    /// No count has arrived yet.
    public static final QueryRate UNKNOWN = new QueryRate(Beat.UNCOUNTED, 0, 0, Double.NaN);

    /// The minimum window: five beats, so that one late beat changes little.
    static final long WINDOW_NANOS = 500_000_000L;

    /// Returns the rate after a beat.
    ///
    /// @param count the count in the beat
    /// @param nowNanos when the beat arrived
    public QueryRate on(long count, long nowNanos) {
        if (count < queries || queries == Beat.UNCOUNTED) {
            return new QueryRate(count, nowNanos, 0, Double.NaN);
        }
        long nanos = nowNanos - beganNanos;
        if (nanos < WINDOW_NANOS) {
            return this;
        }
        double others = Math.max(0, count - queries - probes);
        return new QueryRate(count, nowNanos, 0, others * 1e9 / nanos);
    }

    /// Returns the rate after a probe of ours with this many questions.
    public QueryRate probed(int questions) {
        return new QueryRate(queries, beganNanos, probes + questions, perSecond);
    }
}
