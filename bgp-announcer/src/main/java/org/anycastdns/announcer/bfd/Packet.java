package org.anycastdns.announcer.bfd;

/// A BFD Control packet (RFC 5880 section 4.1) of a sender in asynchronous mode, without
/// authentication.
///
/// @param state the sender's state
/// @param diagnostic why the sender's state last changed
/// @param poll whether the sender wants an answer at once
/// @param isFinal whether this is such an answer
/// @param detectMultiplier so many intervals of silence mean that the sender is gone; 1 to 255
/// @param myDiscriminator the sender's name for the session; never 0
/// @param yourDiscriminator the receiver's name for it; 0 when the sender does not know it
/// @param desiredMinTxMicros the shortest interval the sender would like to send at; unsigned 32
///   bits
/// @param requiredMinRxMicros the shortest interval the sender can receive at, 0 to receive none;
///   unsigned 32 bits
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

    /// The longest interval there is: about 71 minutes.
    public static final long MICROS_MAX = 0xffff_ffffL;

    /// The largest detection multiplier.
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

    /// The same as the answer to a poll; such an answer polls nobody.
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
