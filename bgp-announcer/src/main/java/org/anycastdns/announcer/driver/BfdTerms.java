package org.anycastdns.announcer.driver;

/// The BFD parameters that a neighbor is offered.
///
/// @param intervalMillis the minimum interval to send and to receive at, in milliseconds, at least
///   1
/// @param detectMultiplier how many of our intervals may pass without a packet before the neighbor
///   declares the session down, 1 to 255
public record BfdTerms(int intervalMillis, int detectMultiplier) {}
