package org.anycastdns.announcer.bfd;

/// Why a packet is not taken (RFC 5880 section 6.8.6).
public enum Discard {
    /// It is shorter than the mandatory section, or than its length field says.
    TOO_SHORT("too short"),
    BAD_VERSION("not version 1"),
    BAD_LENGTH("an impossible length field"),
    ZERO_MULTIPLIER("a detection multiplier of 0"),
    MULTIPOINT("multipoint"),
    ZERO_DISCRIMINATOR("no discriminator of the sender"),
    /// It names none of our sessions, and its sender's state says that it should.
    NO_DISCRIMINATOR("no discriminator of ours"),
    /// It names a session that is not ours, or is over.
    OTHER_DISCRIMINATOR("another discriminator than ours"),
    /// We use none (RFC 5880 section 6.8.6 has such packets discarded); the TTL is our guard.
    AUTHENTICATED("authentication, which is not supported"),
    /// We would have to fall silent, and the neighbor would not notice our end.
    DEMAND("Demand mode, which is not supported"),
    /// The session is kept down on purpose.
    STOPPED("the session is stopped");

    private final String text;

    Discard(String text) {
        this.text = text;
    }

    /// What is the matter with the packet, for people.
    public String text() {
        return text;
    }
}
