package org.anycastdns.announcer.bfd;

/// A BFD Control packet (RFC 5880 section 4.1) in asynchronous mode, without its authentication
/// section.
///
/// @param state the sender's state
/// @param diagnostic the reason for the sender's last state change
/// @param poll whether the sender wants an answer immediately
/// @param isFinal whether this is the answer to a poll
/// @param detectMultiplier how many intervals may pass without a packet before the session goes
///   down; 1 to 255
/// @param myDiscriminator the sender's discriminator for the session; never 0
/// @param yourDiscriminator the receiver's discriminator; 0 when the sender does not know it
/// @param desiredMinTxMicros the minimum interval at which the sender wants to send; unsigned 32
///   bits
/// @param requiredMinRxMicros the minimum interval at which the sender can receive, 0 for no
///   packets; unsigned 32 bits
public record Packet(
        SessionState state,
        Diagnostic diagnostic,
        boolean poll,
        boolean isFinal,
        int detectMultiplier,
        int myDiscriminator,
        int yourDiscriminator,
        long desiredMinTxMicros,
        long requiredMinRxMicros) {

    /// The maximum interval, about 71 minutes.
    public static final long MICROS_MAX = 0xffff_ffffL;

    /// The maximum detection multiplier.
    public static final int MULTIPLIER_MAX = 0xff;

    public Packet {
        if (detectMultiplier < 1 || detectMultiplier > MULTIPLIER_MAX) {
            throw new IllegalArgumentException("detection multiplier " + detectMultiplier);
        }
        if (myDiscriminator == 0) {
            throw new IllegalArgumentException("discriminator 0");
        }
        if ((desiredMinTxMicros | requiredMinRxMicros) >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException(
                    "intervals of " + desiredMinTxMicros + " and " + requiredMinRxMicros + " us");
        }
    }

    /// Returns the packet as the answer to a poll. The answer itself does not poll.
    Packet asFinal() {
        return new Packet(
                state,
                diagnostic,
                false,
                true,
                detectMultiplier,
                myDiscriminator,
                yourDiscriminator,
                desiredMinTxMicros,
                requiredMinRxMicros);
    }
}
