package org.anycastdns.announcer.bfd;

/// An event of a BFD session.
public sealed interface BfdEvent {

    /// The session is wanted.
    record Start() implements BfdEvent {}

    /// The session is not wanted any more; the other end is told.
    record Stop() implements BfdEvent {}

    /// A packet came from the other end's address.
    record Received(Packet packet) implements BfdEvent {}

    /// A timer ran out.
    record Expired(BfdTimer timer) implements BfdEvent {}
}
