package org.anycastdns.announcer.bfd;

/// The result of decoding a datagram.
public sealed interface BfdDecoded {

    /// A packet.
    record Intact(Packet packet) implements BfdDecoded {}

    /// A datagram that must be discarded.
    record Unfit(Discard why) implements BfdDecoded {}
}
