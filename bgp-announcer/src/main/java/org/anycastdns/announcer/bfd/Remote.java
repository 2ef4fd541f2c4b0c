package org.anycastdns.announcer.bfd;

/// The other end, as its last packet told.
///
/// @param state its state
/// @param diagnostic why that last changed
/// @param discriminator its name for the session; 0 while it is unknown
/// @param detectMultiplier so many of its intervals of silence mean that it is gone
/// @param desiredMinTxMicros the shortest interval it would like to send at
/// @param requiredMinRxMicros the shortest interval it can receive at; 0 when it wants nothing
public record Remote(
        SessionState state,
        Diagnostic diagnostic,
        int discriminator,
        int detectMultiplier,
        long desiredMinTxMicros,
        long requiredMinRxMicros) {

    /// Never heard, or not for the detection time. An old interval is forgotten with it: an end
    /// that wanted nothing and came back would otherwise never hear of us.
    public static final Remote UNKNOWN = new Remote(SessionState.DOWN, Diagnostic.NONE, 0, 1, 0, 1);

    static Remote of(Packet packet) {
        return new Remote(
                packet.state(),
                packet.diagnostic(),
                packet.myDiscriminator(),
                packet.detectMultiplier(),
                packet.desiredMinTxMicros(),
                packet.requiredMinRxMicros());
    }
}
