package org.anycastdns.announcer.bfd;

/// The reason why a packet is discarded (RFC 5880 section 6.8.6).
public enum Discard {
    /// It is shorter than the mandatory section, or than its length field says.
    TOO_SHORT("too short"),
    BAD_VERSION("not version 1"),
    BAD_LENGTH("an impossible length field"),
    ZERO_MULTIPLIER("a detection multiplier of 0"),
    MULTIPOINT("multipoint"),
    ZERO_DISCRIMINATOR("no discriminator of the sender"),
    /// It has no Your Discriminator, although the sender's state requires one.
    NO_DISCRIMINATOR("no discriminator of ours"),
    /// It names a session that is not ours or has ended.
    OTHER_DISCRIMINATOR("another discriminator than ours"),
    /// It would end a session that is up, without showing that the sender knows either
    /// discriminator.
    UNPROVEN("no discriminator of the session that is up"),
    /// We use no authentication, so RFC 5880 section 6.8.6 requires the discard.
    AUTHENTICATED("authentication, but neighbors[].bfd.key-file is not set"),
    /// We use authentication, and the packet has none.
    UNAUTHENTICATED("no authentication"),
    /// It is signed with another key, or by another method.
    BAD_AUTHENTICATION("another authentication type, key-id or key"),
    /// Its sequence number is old, or too far ahead.
    REPLAYED("a sequence number out of turn"),
    /// In Demand mode we would have to stop sending, and the neighbor would not notice our failure.
    DEMAND("Demand mode, which is not supported"),
    /// The session is kept down on purpose.
    STOPPED("the session is stopped");

    private final String text;

    Discard(String text) {
        this.text = text;
    }

    /// Returns the reason in words.
    public String text() {
        return text;
    }
}
