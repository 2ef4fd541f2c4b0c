package org.anycastdns.announcer.health;

/// A single observation. All evidence comes from observations.
public sealed interface Observation {

    /// A probe finished.
    record Probed(ProbeTransport transport, Outcome outcome) implements Observation {}

    /// A state record arrived on the lifeline.
    ///
    /// @param state the state that the responder reports
    /// @param identity the identity that the responder reports
    /// @param zones how many zones it serves
    /// @param queries how many responses it has sent so far, or [#UNCOUNTED]
    record Beat(State state, String identity, int zones, long queries) implements Observation {

        /// The record has no count.
        public static final long UNCOUNTED = -1;

        /// The state that the responder reports.
        public enum State {
            LOADING,
            READY,
            DRAINING
        }
    }

    /// The lifeline connection ended, could not be opened, or carried invalid data.
    ///
    /// @param why how it ended, in words
    record Closed(String why) implements Observation {}

    /// The responder has told that it has no place for our lifeline connection. It is alive.
    ///
    /// @param why what it told, in words
    record Displaced(String why) implements Observation {}

    /// One tick of our own running time has passed.
    record Tick() implements Observation {}

    /// The responder reported the state of its zones.
    record Reported(Report report) implements Observation {}

    /// The interfaces of this host were searched for the probed address.
    record Located(boolean present) implements Observation {}

    /// The clients' query rate was calculated.
    ///
    /// @param perSecond the queries per second that the responder answered, without our own probes
    record Rated(double perSecond) implements Observation {}

    /// A check of the service finished.
    ///
    /// @param check the name of the check
    record Checked(String check, CheckResult result) implements Observation {}
}
