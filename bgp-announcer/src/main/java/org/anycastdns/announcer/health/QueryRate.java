package org.anycastdns.announcer.health;

import org.anycastdns.announcer.health.Observation.Beat;

/// How fast the responder answers its clients, from the count on its lifeline: our own probes are
/// left out.
///
/// @param queries the count at the window's begin; [Beat#UNCOUNTED] before the first
/// @param beganNanos when the window began, on a clock that only moves forward
/// @param probes our own questions since then
/// @param perSecond the rate in the window before; NaN when it is not known
public record QueryRate(long queries, long beganNanos, long probes, double perSecond) {

    /// Nothing counted yet.
    public static final QueryRate UNKNOWN = new QueryRate(Beat.UNCOUNTED, 0, 0, Double.NaN);

    /// The shortest window: five beats, so that one late beat changes little.
    static final long WINDOW_NANOS = 500_000_000L;

    /// The rate after a beat.
    ///
    /// @param count what it says
    /// @param nowNanos when it came
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

    /// The rate after a probe of ours with so many questions.
    public QueryRate probed(int questions) {
        return new QueryRate(queries, beganNanos, probes + questions, perSecond);
    }
}
