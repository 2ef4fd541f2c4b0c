package org.anycastdns.announcer.health;

/// Something whose health can be graded.
public interface Graded {

    /// Returns the grade that the evidence supports.
    Health grade();

    /// Returns whether some clients may still get an answer, right or wrong, although the grade is
    /// failed.
    boolean answersSomething();

    /// Returns whether the responder may still be running, even if it does not answer.
    boolean listens();

    /// Returns the clients' queries per second; NaN when unknown.
    double perSecond();
}
