package org.anycastdns.announcer.driver;

/// What a neighbor is offered for BFD.
///
/// @param intervalMillis the shortest interval to send and to receive at, 1 and more
/// @param detectMultiplier so many intervals of our silence mean that we are gone, 1 to 255
public record BfdTerms(int intervalMillis, int detectMultiplier) {}
