package org.anycastdns.announcer.bfd;

/// What octets turn out to be.
public sealed interface Decoded {

    /// A packet.
    record Intact(Packet packet) implements Decoded {}

    /// Something that must not be taken.
    record Unfit(Discard why) implements Decoded {}
}
