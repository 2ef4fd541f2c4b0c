package org.anycastdns.announcer.driver;

import org.anycastdns.announcer.bfd.BfdAuthentication;
import org.jspecify.annotations.Nullable;

/// The BFD parameters that a neighbor is offered.
///
/// @param intervalMillis the minimum interval to send and to receive at, in milliseconds, at least
///   1
/// @param detectMultiplier how many of our intervals may pass without a packet before the neighbor
///   declares the session down, 1 to 255
/// @param authentication how packets are signed; null if they are not
public record BfdTerms(
        int intervalMillis, int detectMultiplier, @Nullable BfdAuthentication authentication) {

    /// Creates parameters without authentication.
    public BfdTerms(int intervalMillis, int detectMultiplier) {
        this(intervalMillis, detectMultiplier, null);
    }
}
