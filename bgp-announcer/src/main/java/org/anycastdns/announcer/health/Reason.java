package org.anycastdns.announcer.health;

/// Why a grade was given: a cause to count by and a sentence for people.
///
/// @param cause one of the closed set
/// @param text the evidence in words, e.g. `3 UDP probes in a row failed: SERVFAIL for
///   "example.com."`
public record Reason(Cause cause, String text) {}
