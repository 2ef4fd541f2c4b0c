package org.anycastdns.announcer.health;

/// One thing that was seen; everything a verdict may rest on.
public sealed interface Observation {

    /// A probe came to its end.
    record Probed(Transport transport, Outcome outcome) implements Observation {}

    /// A state record arrived on the lifeline.
    ///
    /// @param state what the responder says it is doing
    /// @param identity the name the responder gives itself
    /// @param zones how many zones it serves
    record Beat(State state, String identity, int zones) implements Observation {

        /// The responder's own word for what it is doing.
        public enum State {
            LOADING,
            READY,
            DRAINING
        }
    }

    /// The lifeline's connection ended, could not be opened, or carried something else.
    ///
    /// @param why how it ended, in words
    record Closed(String why) implements Observation {}

    /// One tick period of our own running time has passed.
    record Tick() implements Observation {}

    /// The operator asked to take this site out.
    record Drained(String text) implements Observation {}

    /// The operator ended the drain.
    record Resumed() implements Observation {}
}
