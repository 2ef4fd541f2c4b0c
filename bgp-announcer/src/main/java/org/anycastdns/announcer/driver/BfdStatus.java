package org.anycastdns.announcer.driver;

import java.time.Instant;

/// The BFD status of a neighbor at one moment.
///
/// @param state the name of our state, e.g. "Up" (RFC 5880 section 6.2)
/// @param since when the session entered that state
/// @param remoteState the name of the state that the neighbor signals; "Down" when it is silent
/// @param diagnostic the reason for our last change to a worse state (RFC 5880 section 4.1)
/// @param transmitMillis the interval between sent packets in milliseconds, before jitter; 0 when
///   the neighbor wants none
/// @param detectionMillis the detection time in milliseconds; 0 while unknown
/// @param lastError why the session last went down; empty when it never did
/// @param discarded why packets of the neighbor were last discarded since the session was last up;
///   empty when none were
/// @param flaps how many times the session went from up to down
public record BfdStatus(
        String state,
        Instant since,
        String remoteState,
        String diagnostic,
        long transmitMillis,
        long detectionMillis,
        String lastError,
        String discarded,
        int flaps) {}
