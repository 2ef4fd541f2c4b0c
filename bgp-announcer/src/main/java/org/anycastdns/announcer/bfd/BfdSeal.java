package org.anycastdns.announcer.bfd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Signs the packets of one session and checks those of the other end (RFC 5880 section 6.7.4). It
/// is used by one thread.
///
/// ```
///  24          25       26       27         28         32           52
///  Auth Type | Len 28 | Key ID | Reserved | Sequence | SHA1 hash   |
/// ```
///
/// The hash is that of the whole packet with the key in its place. The sequence number grows with
/// each packet, for both types.
public final class BfdSeal {

    /// The length of a signed packet in octets.
    public static final int OCTETS = 52;

    private static final int SECTION_OCTETS = OCTETS - BfdCodec.OCTETS;
    private static final int FLAGS_AT = 1;
    private static final int LENGTH_AT = 3;
    private static final int TYPE_AT = BfdCodec.OCTETS;
    private static final int SECTION_LENGTH_AT = 25;
    private static final int KEY_ID_AT = 26;
    private static final int SEQUENCE_AT = 28;
    private static final int HASH_AT = 32;

    /// How far ahead a sequence number may be, in detection multipliers.
    private static final int AHEAD_MULTIPLIERS_MAX = 3;

    /// For how many detection times of silence the last sequence number is remembered (RFC 5880
    /// section 6.8.1). The other end may have restarted since.
    private static final int REMEMBERED_DETECTION_TIMES = 2;

    /// The last packet that was accepted.
    ///
    /// @param nanos when it was, on a monotonic clock
    /// @param validNanos how long its sequence number is remembered
    private record Accepted(int sequence, long nanos, long validNanos) {}

    private final BfdAuthentication how;
    private @Nullable Accepted last;
    private int next;

    /// Creates the seal of a session.
    ///
    /// @param sequence the first sequence number, which should be random
    public BfdSeal(BfdAuthentication how, int sequence) {
        this.how = how;
        this.next = sequence;
    }

    /// Returns an encoded packet with the authentication section.
    public byte[] signed(byte[] packet) {
        byte[] octets = Arrays.copyOf(packet, OCTETS);
        octets[FLAGS_AT] |= (byte) BfdCodec.AUTHENTICATION;
        octets[LENGTH_AT] = OCTETS;
        octets[TYPE_AT] = (byte) how.type().code();
        octets[SECTION_LENGTH_AT] = SECTION_OCTETS;
        octets[KEY_ID_AT] = (byte) how.keyId();
        ByteBuffer.wrap(octets).putInt(SEQUENCE_AT, next++);
        System.arraycopy(hash(octets), 0, octets, HASH_AT, OCTETS - HASH_AT);
        return octets;
    }

    /// Returns why a packet must be discarded, or null if it is authentic and new. Never throws.
    ///
    /// @param octets the datagram
    /// @param packet the same, decoded
    /// @param session our session, with the parameters that count for its detection time
    /// @param nowNanos the time on a monotonic clock
    public @Nullable Discard check(
            byte[] octets, Packet packet, BfdSession session, long nowNanos) {
        if (octets.length < OCTETS || octets[LENGTH_AT] != OCTETS) {
            return Discard.BAD_AUTHENTICATION;
        }
        boolean ours =
                octets[TYPE_AT] == how.type().code()
                        && octets[SECTION_LENGTH_AT] == SECTION_OCTETS
                        && octets[KEY_ID_AT] == (byte) how.keyId();
        if (!ours) {
            return Discard.BAD_AUTHENTICATION;
        }
        int sequence = ByteBuffer.wrap(octets).getInt(SEQUENCE_AT);
        byte[] hash = Arrays.copyOfRange(octets, HASH_AT, OCTETS);
        if (!MessageDigest.isEqual(hash, hash(octets))) {
            return Discard.BAD_AUTHENTICATION;
        }
        Accepted before = last;
        if (before != null
                && nowNanos - before.nanos <= before.validNanos
                && !follows(before.sequence, sequence, session.detectMultiplier())) {
            return Discard.REPLAYED;
        }
        long micros = Math.max(session.requiredMinRxMicros(), packet.desiredMinTxMicros());
        long validNanos =
                REMEMBERED_DETECTION_TIMES * ((long) packet.detectMultiplier()) * micros * 1000;
        last = new Accepted(sequence, nowNanos, validNanos);
        return null;
    }

    /// Returns whether a sequence number may come after another. They wrap around.
    private boolean follows(int before, int sequence, int detectMultiplier) {
        int ahead = sequence - before;
        int min = how.type() == BfdAuthentication.Type.METICULOUS_KEYED_SHA1 ? 1 : 0;
        return ahead >= min && ahead <= AHEAD_MULTIPLIERS_MAX * detectMultiplier;
    }

    /// Returns the hash of a packet, whatever is in the place of its hash.
    private byte[] hash(byte[] octets) {
        byte[] key = how.key().getBytes(StandardCharsets.UTF_8);
        byte[] keyed = Arrays.copyOf(octets, OCTETS);
        Arrays.fill(keyed, HASH_AT, OCTETS, (byte) 0);
        System.arraycopy(key, 0, keyed, HASH_AT, Math.min(key.length, OCTETS - HASH_AT));
        try {
            return MessageDigest.getInstance("SHA-1").digest(keyed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
