package org.anycastdns.announcer.driver;

import java.time.Instant;

/// What there is to tell about the BFD session with a neighbor at one moment.
///
/// @param state the name of our state, e.g. "Up" (RFC 5880 section 6.2)
/// @param since when it entered that state
/// @param remoteState the name of the state that the neighbor told of; "Down" when it is silent
/// @param diagnostic why our state last changed for the worse (RFC 5880 section 4.1)
/// @param transmitMillis the interval that packets are sent at, before jitter; 0 when the neighbor
///   wants none
/// @param detectionMillis the silence after which the neighbor is gone; 0 while it is unknown
/// @param lastError why the session last went down; empty when it did not
/// @param flaps how many times it was up and went down
public record BfdStatus(
        String state,
        Instant since,
        String remoteState,
        String diagnostic,
        long transmitMillis,
        long detectionMillis,
        String lastError,
        int flaps) {}
