package org.anycastdns.announcer.ops;

/// What the admin HTTP may ask of the running announcer. Thread-safe; returns without waiting for
/// neighbours.
public interface Controls {

    /// How things stand.
    Snapshot snapshot();

    /// Takes this site out of service until [#resume].
    ///
    /// @param reason the operator's words
    /// @throws IllegalStateException when the order cannot be taken; the message says why
    void drain(String reason);

    /// Ends a drain; the prefixes come back when the responder is healthy.
    ///
    /// @throws IllegalStateException when the order cannot be taken; the message says why
    void resume();
}
