package org.anycastdns.announcer.ops;

import java.util.List;

/// What the admin HTTP may ask of the running announcer. Thread-safe; returns without waiting for
/// neighbors.
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

    /// Reads the configuration again and follows it, if that is safe.
    ///
    /// @param allowWithdraw whether announced prefixes, or the last session, may go away
    Answer reload(boolean allowWithdraw);

    /// How an order ended.
    enum Verdict {
        DONE,
        /// It is right, and not safe.
        REFUSED,
        /// It is wrong.
        INVALID
    }

    /// What the operator is told.
    record Answer(Verdict verdict, List<String> lines) {
        public Answer {
            lines = List.copyOf(lines);
        }
    }
}
