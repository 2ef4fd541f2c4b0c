package org.anycastdns.announcer.bfd;

/// What a session wants done; the driver does it in the order given.
public sealed interface Action {

    /// Send a packet at once.
    record Send(Packet packet) implements Action {}

    /// Start a timer, or start it anew: TRANSMIT counts from the packet sent last, DETECTION from
    /// now.
    ///
    /// @param micros the interval before jitter, see [Timer#delayMicros]
    record Arm(Timer timer, long micros) implements Action {}

    /// Stop a timer.
    record Disarm(Timer timer) implements Action {}

    /// The session came up.
    record Up() implements Action {}

    /// The session was up and is not any more.
    ///
    /// @param failed whether the path failed, or the other end; not so when an end stops on
    ///   purpose, begins anew or deletes the session: that says nothing of the path, and BGP is
    ///   left alone (RFC 5882 section 3.2)
    /// @param reason for people
    record Down(boolean failed, String reason) implements Action {}

    /// The packet was not taken.
    record Discarded(Discard why) implements Action {}
}
