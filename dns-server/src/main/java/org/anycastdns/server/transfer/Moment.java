package org.anycastdns.server.transfer;

/// One moment on two clocks.
///
/// @param millis of a clock that only runs forward, since any time
/// @param epochSeconds the time of day, in seconds since 1970
public record Moment(long millis, long epochSeconds) {}
