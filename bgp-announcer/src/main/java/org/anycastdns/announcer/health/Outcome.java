package org.anycastdns.announcer.health;

/// What came of one probe.
public sealed interface Outcome {

    /// Every question was answered right.
    ///
    /// @param nanos from the first byte sent to the last answer checked, in nanoseconds
    record Right(long nanos) implements Outcome {}

    /// Something answered, and the answer is not ours or not right.
    ///
    /// @param what what is wrong with it, e.g. `SERVFAIL for "example.com."`
    record Wrong(String what) implements Outcome {}

    /// Nothing answered in time, or the connection was refused.
    ///
    /// @param what how the answer stayed away, e.g. `no answer within 200 ms`
    /// @param refused whether the host said that nobody listens there
    record Unanswered(String what, boolean refused) implements Outcome {

        /// Silence.
        public Unanswered(String what) {
            this(what, false);
        }
    }

    /// The outcome as a metric label: `right`, `wrong` or `unanswered`.
    default String label() {
        return switch (this) {
            case Right _ -> "right";
            case Wrong _ -> "wrong";
            case Unanswered _ -> "unanswered";
        };
    }

    /// The outcome in words.
    default String text() {
        return switch (this) {
            case Right right -> "answered right in " + right.nanos() / 1_000 + " us";
            case Wrong wrong -> wrong.what();
            case Unanswered unanswered -> unanswered.what();
        };
    }
}
