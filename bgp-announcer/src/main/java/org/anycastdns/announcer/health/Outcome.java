package org.anycastdns.announcer.health;

/// The outcome of one probe.
public sealed interface Outcome {

    /// Enough questions of the probe were answered correctly.
    ///
    /// @param nanos from the first byte sent to the last response checked, in nanoseconds
    record Right(long nanos) implements Outcome {}

    /// A response arrived, but it is wrong or comes from another node.
    ///
    /// @param what what is wrong with it, e.g. `SERVFAIL for "example.com."`
    record Wrong(String what) implements Outcome {}

    /// No response arrived in time, or the connection was refused.
    ///
    /// @param what how the response failed to arrive, e.g. `no answer within 200 ms`
    /// @param refused whether the host reported that the port is not open
    record Unanswered(String what, boolean refused) implements Outcome {

        /// Creates an outcome for a probe that was not refused.
        public Unanswered(String what) {
            this(what, false);
        }
    }

    /// Returns the outcome as a metric label: `right`, `wrong` or `unanswered`.
    default String label() {
        return switch (this) {
            case Right _ -> "right";
            case Wrong _ -> "wrong";
            case Unanswered _ -> "unanswered";
        };
    }

    /// Returns the outcome in words.
    default String text() {
        return switch (this) {
            case Right right -> "answered right in " + right.nanos() / 1_000 + " us";
            case Wrong wrong -> wrong.what();
            case Unanswered unanswered -> unanswered.what();
        };
    }
}
