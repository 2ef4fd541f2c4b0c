package org.anycastdns.announcer.health;

/// A reason for a grade or decision: a cause for metrics and a sentence for the operator.
///
/// @param cause one of a closed set
/// @param text the evidence in words, e.g. `3 UDP probes in a row failed: SERVFAIL for
///   "example.com."`
public record Reason(Cause cause, String text) {}
