package org.anycastdns.announcer.bfd;

/// An action of a BFD session; the driver carries out actions in the given order.
public sealed interface BfdAction {

    /// Send a packet at once.
    record Send(Packet packet) implements BfdAction {}

    /// Start a timer, or start it anew: TRANSMIT counts from the packet sent last, DETECTION from
    /// now.
    ///
    /// @param micros the interval before jitter, see [BfdTimer#delayMicros]
    record Arm(BfdTimer timer, long micros) implements BfdAction {}

    /// Stop a timer.
    record Disarm(BfdTimer timer) implements BfdAction {}

    /// The session came up.
    record Up() implements BfdAction {}

    /// The session was up and is not any more.
    ///
    /// @param failed whether the path failed, or the other end; not so when an end stops on
    ///   purpose, begins anew or deletes the session: that says nothing of the path, and BGP is
    ///   left alone (RFC 5882 section 3.2)
    /// @param reason for people
    record Down(boolean failed, String reason) implements BfdAction {}

    /// The packet was not taken.
    record Discarded(Discard why) implements BfdAction {}
}
