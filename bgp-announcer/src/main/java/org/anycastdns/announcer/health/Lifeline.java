package org.anycastdns.announcer.health;

/// What is known from the lifeline.
public sealed interface Lifeline {

    /// Never connected since the start.
    ///
    /// @param why how the last attempt ended, in words
    record Unknown(String why) implements Lifeline {}

    /// Connected; the last record and how many ticks ago it came.
    record Beating(Observation.Beat last, int missed) implements Lifeline {}

    /// Was connected, and the connection ended.
    record Gone(String why) implements Lifeline {}
}
