package org.anycastdns.announcer.bfd;

/// The state of the other end, from its last packet.
///
/// @param state its state
/// @param diagnostic the reason for its last state change
/// @param discriminator its discriminator for the session; 0 while unknown
/// @param detectMultiplier how many of its intervals may pass without a packet before it counts as
///   down
/// @param desiredMinTxMicros the minimum interval at which it wants to send
/// @param requiredMinRxMicros the minimum interval at which it can receive; 0 for no packets
public record Remote(
        SessionState state,
        Diagnostic diagnostic,
        int discriminator,
        int detectMultiplier,
        long desiredMinTxMicros,
        long requiredMinRxMicros) {

    /// No packet was ever received, or none for the detection time. The old intervals are dropped
    /// as well. Otherwise an end that wanted no packets and came back would never receive one from
    /// us.
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
