package org.anycastdns.announcer.bfd;

/// What can happen to a session.
public sealed interface Event {

    /// The session is wanted.
    record Start() implements Event {}

    /// The session is not wanted any more; the other end is told.
    record Stop() implements Event {}

    /// A packet came from the other end's address.
    record Received(Packet packet) implements Event {}

    /// A timer ran out.
    record Expired(Timer timer) implements Event {}
}
