package org.anycastdns.announcer.health;

/// One thing that was seen; everything a verdict may rest on.
public sealed interface Observation {

    /// A probe came to its end.
    record Probed(ProbeTransport transport, Outcome outcome) implements Observation {}

    /// A state record arrived on the lifeline.
    ///
    /// @param state what the responder says it is doing
    /// @param identity the name the responder gives itself
    /// @param zones how many zones it serves
    /// @param queries how many responses it has sent so far; [#UNCOUNTED] when it does not say
    record Beat(State state, String identity, int zones, long queries) implements Observation {

        /// Not said.
        public static final long UNCOUNTED = -1;

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

    /// The responder told how its zones are.
    record Reported(Report report) implements Observation {}

    /// It was looked whether the address that is probed is on an interface of this host.
    record Located(boolean present) implements Observation {}

    /// The clients' queries were counted.
    ///
    /// @param perSecond how many the responder answered, our own probes left out
    record Rated(double perSecond) implements Observation {}
}
