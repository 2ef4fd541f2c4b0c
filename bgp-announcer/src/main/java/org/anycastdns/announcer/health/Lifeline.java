package org.anycastdns.announcer.health;

/// The state of the lifeline.
public sealed interface Lifeline {

    /// Never connected since the start.
    ///
    /// @param why how the last attempt ended, in words
    /// @param ticks how many ticks ago the start was, at most [Limits#ABSENT_TICKS]
    record Unknown(String why, int ticks) implements Lifeline {}

    /// Connected.
    ///
    /// @param last the last state record
    /// @param missed how many ticks ago it arrived
    record Beating(Observation.Beat last, int missed) implements Lifeline {}

    /// Was connected, but the connection ended.
    ///
    /// @param why how it, or the last attempt after it, ended, in words
    /// @param ticks how many ticks ago it ended, at most [Limits#ABSENT_TICKS]
    record Gone(String why, int ticks) implements Lifeline {}
}
