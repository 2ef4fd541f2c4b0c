package org.anycastdns.announcer.health;

/// The state of the lifeline.
public sealed interface Lifeline {

    /// Never connected since the start.
    ///
    /// @param why how the last attempt ended, in words
    record Unknown(String why) implements Lifeline {}

    /// Connected.
    ///
    /// @param last the last state record
    /// @param missed how many ticks ago it arrived
    record Beating(Observation.Beat last, int missed) implements Lifeline {}

    /// Was connected, but the connection ended.
    record Gone(String why) implements Lifeline {}
}
