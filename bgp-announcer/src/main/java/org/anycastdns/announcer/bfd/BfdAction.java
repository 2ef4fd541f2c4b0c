package org.anycastdns.announcer.bfd;

/// An action of a BFD session; the driver carries out actions in the given order.
public sealed interface BfdAction {

    /// Send a packet immediately.
    record Send(Packet packet) implements BfdAction {}

    /// Start or restart a timer. TRANSMIT counts from the last packet sent, DETECTION from now.
    ///
    /// @param micros the interval before jitter, see [BfdTimer#delayMicros]
    record Arm(BfdTimer timer, long micros) implements BfdAction {}

    /// Stop a timer.
    record Disarm(BfdTimer timer) implements BfdAction {}

    /// The session came up.
    record Up() implements BfdAction {}

    /// The session was up and went down.
    ///
    /// @param failed whether the path or the other end failed. It is false when an end stops on
    ///   purpose, restarts or deletes the session. That says nothing about the path, so BGP must
    ///   not react (RFC 5882 section 3.2).
    /// @param reason the reason in words
    record Down(boolean failed, String reason) implements BfdAction {}

    /// The packet was discarded.
    record Discarded(Discard why) implements BfdAction {}
}
