package org.anycastdns.announcer.bfd;

/// An event of a BFD session.
public sealed interface BfdEvent {

    /// The session must start.
    record Start() implements BfdEvent {}

    /// The session must stop and tell the other end.
    record Stop() implements BfdEvent {}

    /// A packet arrived from the address of the other end.
    record Received(Packet packet) implements BfdEvent {}

    /// A timer expired.
    record Expired(BfdTimer timer) implements BfdEvent {}
}
