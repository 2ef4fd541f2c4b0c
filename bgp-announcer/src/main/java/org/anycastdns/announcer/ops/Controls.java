package org.anycastdns.announcer.ops;

import java.util.List;

/// The operations that the admin HTTP server offers on the running announcer. Thread-safe; they do
/// not wait for neighbors.
public interface Controls {

    /// Returns the current status.
    Snapshot snapshot();

    /// Takes this site out of service until [#resume].
    ///
    /// @param reason the operator's reason
    /// @throws IllegalStateException when the order cannot be queued; the message says why
    void drain(String reason);

    /// Ends a drain. The prefixes are announced once the responder is healthy.
    ///
    /// @throws IllegalStateException when the order cannot be queued; the message says why
    void resume();

    /// Reads the configuration again and applies it if that is safe.
    ///
    /// @param allowWithdraw whether announced prefixes, or the last session, may be lost
    Answer reload(boolean allowWithdraw);

    /// The result of an order.
    enum Verdict {
        DONE,
        /// The configuration is valid, but applying it is not safe.
        REFUSED,
        /// The configuration is invalid.
        INVALID
    }

    /// The answer for the operator.
    record Answer(Verdict verdict, List<String> lines) {
        public Answer {
            lines = List.copyOf(lines);
        }
    }
}
