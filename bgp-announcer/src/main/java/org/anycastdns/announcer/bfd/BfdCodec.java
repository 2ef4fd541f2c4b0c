package org.anycastdns.announcer.bfd;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// BFD Control packets between octets and values (RFC 5880 section 4.1).
///
/// ```
///    0                   1                   2                   3
///    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///   |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
///   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///   |                       My Discriminator                        |
///   |                      Your Discriminator                       |
///   |                    Desired Min TX Interval                    |
///   |                   Required Min RX Interval                    |
///   |                 Required Min Echo RX Interval                 |
///   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Packets are sent with C clear, because the session ends with the announcer's process. The echo
/// interval is 0, because Echo packets are not accepted.
public final class BfdCodec {

    /// The length of the mandatory section; a packet without authentication has nothing else.
    public static final int OCTETS = 24;

    /// The length of the mandatory section plus the header of an authentication section.
    private static final int AUTHENTICATED_OCTETS_MIN = 26;

    private static final int VERSION = 1;
    private static final int POLL = 0x20;
    private static final int FINAL = 0x10;

    /// The flag of a packet with an authentication section.
    static final int AUTHENTICATION = 0x04;

    private static final int DEMAND = 0x02;
    private static final int MULTIPOINT = 0x01;
    private static final long UNSIGNED = 0xffff_ffffL;

    private BfdCodec() {}

    /// Encodes a packet.
    public static byte[] encode(Packet packet) {
        int flags =
                (packet.state().code() << 6)
                        | (packet.poll() ? POLL : 0)
                        | (packet.isFinal() ? FINAL : 0);
        return ByteBuffer.allocate(OCTETS)
                .put((byte) ((VERSION << 5) | packet.diagnostic().code()))
                .put((byte) flags)
                .put((byte) packet.detectMultiplier())
                .put((byte) OCTETS)
                .putInt(packet.myDiscriminator())
                .putInt(packet.yourDiscriminator())
                .putInt((int) packet.desiredMinTxMicros())
                .putInt((int) packet.requiredMinRxMicros())
                .putInt(0)
                .array();
    }

    /// Decodes a datagram of a session without authentication.
    public static BfdDecoded decode(byte[] octets) {
        return decode(octets, false);
    }

    /// Decodes a datagram. Never throws. It does the checks of RFC 5880 section 6.8.6 that do not
    /// need a session. [BfdSeal] checks the authentication section.
    ///
    /// @param authenticated whether the session uses authentication
    public static BfdDecoded decode(byte[] octets, boolean authenticated) {
        if (octets.length < OCTETS) {
            return new BfdDecoded.Unfit(Discard.TOO_SHORT);
        }
        ByteBuffer in = ByteBuffer.wrap(octets);
        int head = in.get() & 0xff;
        int flags = in.get() & 0xff;
        int multiplier = in.get() & 0xff;
        int length = in.get() & 0xff;
        int mine = in.getInt();
        int yours = in.getInt();
        SessionState state = SessionState.of(flags >>> 6);
        Discard why = fault(head >>> 5, flags, multiplier, length, octets.length);
        if (why == null && authenticated != ((flags & AUTHENTICATION) != 0)) {
            why = authenticated ? Discard.UNAUTHENTICATED : Discard.AUTHENTICATED;
        }
        if (why == null && mine == 0) {
            why = Discard.ZERO_DISCRIMINATOR;
        }
        if (why == null && yours == 0 && (state == SessionState.INIT || state == SessionState.UP)) {
            why = Discard.NO_DISCRIMINATOR;
        }
        return why != null
                ? new BfdDecoded.Unfit(why)
                : new BfdDecoded.Intact(
                        new Packet(
                                state,
                                Diagnostic.of(head & 0x1f),
                                (flags & POLL) != 0,
                                (flags & FINAL) != 0,
                                multiplier,
                                mine,
                                yours,
                                in.getInt() & UNSIGNED,
                                in.getInt() & UNSIGNED));
    }

    /// Returns the error in the first four octets, or null when there is none.
    private static @Nullable Discard fault(
            int version, int flags, int multiplier, int length, int received) {
        if (version != VERSION) {
            return Discard.BAD_VERSION;
        }
        boolean authenticated = (flags & AUTHENTICATION) != 0;
        if (length < (authenticated ? AUTHENTICATED_OCTETS_MIN : OCTETS)) {
            return Discard.BAD_LENGTH;
        }
        if (length > received) {
            return Discard.TOO_SHORT;
        }
        if (multiplier == 0) {
            return Discard.ZERO_MULTIPLIER;
        }
        if ((flags & MULTIPOINT) != 0) {
            return Discard.MULTIPOINT;
        }
        return (flags & DEMAND) != 0 ? Discard.DEMAND : null;
    }
}
