package org.anycastdns.announcer.ops;

/// What the admin HTTP may ask of the running announcer. Thread-safe; returns without waiting for
/// neighbours.
public interface Controls {

    /// How things stand.
    Snapshot snapshot();

    /// Takes this site out of service until [#resume].
    ///
    /// @param reason the operator's words
    void drain(String reason);

    /// Ends a drain; the prefixes come back when the responder is healthy.
    void resume();
}
