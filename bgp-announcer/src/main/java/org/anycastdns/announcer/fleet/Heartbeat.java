package org.anycastdns.announcer.fleet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.jspecify.annotations.Nullable;

/// A heartbeat that a site sends to the others.
///
/// ```
///  0        4         5        6             7      15         23          31     end-32
///  "ADHB" | version | stance | name length | boot | sequence | sent (ms) | name | HMAC-SHA-256
/// ```
///
/// @param stance the stance of the site
/// @param boot when the site's announcer started, in milliseconds since 1970; orders its restarts
/// @param sequence counts the heartbeats since that start
/// @param sentMillis when it was sent, in milliseconds since 1970
/// @param name the name of the site, 1 to 200 octets of UTF-8
record Heartbeat(Stance stance, long boot, long sequence, long sentMillis, String name) {

    /// The maximum length of a name in octets.
    static final int NAME_OCTETS_MAX = 200;

    private static final byte[] MAGIC = "ADHB".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int HEADER_OCTETS = 31;
    private static final int HMAC_OCTETS = 32;

    /// The maximum length of a heartbeat in octets.
    static final int OCTETS_MAX = HEADER_OCTETS + NAME_OCTETS_MAX + HMAC_OCTETS;

    private static final String ALGORITHM = "HmacSHA256";

    /// Returns the heartbeat as signed octets.
    byte[] signed(Mac key) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        if (octets.length < 1 || octets.length > NAME_OCTETS_MAX) {
            throw new IllegalArgumentException("a name of " + octets.length + " octets");
        }
        ByteBuffer out = ByteBuffer.allocate(HEADER_OCTETS + octets.length + HMAC_OCTETS);
        out.put(MAGIC).put(VERSION).put(code(stance)).put((byte) octets.length);
        out.putLong(boot).putLong(sequence).putLong(sentMillis).put(octets);
        out.put(key.doFinal(Arrays.copyOf(out.array(), out.position())));
        return out.array();
    }

    /// Returns the heartbeat in the octets. Returns null if the signature is wrong, or if it is not
    /// a heartbeat of this version.
    static @Nullable Heartbeat verified(byte[] octets, Mac key) {
        int signed = octets.length - HMAC_OCTETS;
        if (signed <= HEADER_OCTETS
                || octets.length > OCTETS_MAX
                || !MessageDigest.isEqual(
                        key.doFinal(Arrays.copyOf(octets, signed)),
                        Arrays.copyOfRange(octets, signed, octets.length))) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(octets, 0, signed);
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        byte version = in.get();
        Stance stance = stance(in.get());
        int length = Byte.toUnsignedInt(in.get());
        if (!Arrays.equals(magic, MAGIC)
                || version != VERSION
                || stance == null
                || length != signed - HEADER_OCTETS) {
            return null;
        }
        long boot = in.getLong();
        long sequence = in.getLong();
        long sent = in.getLong();
        String name = new String(octets, HEADER_OCTETS, length, StandardCharsets.UTF_8);
        return new Heartbeat(stance, boot, sequence, sent, name);
    }

    private static byte code(Stance stance) {
        return switch (stance) {
            case ANNOUNCED -> 0;
            case DEPREFERENCED -> 1;
            case YIELDING -> 2;
            case WITHDRAWN -> 3;
        };
    }

    private static @Nullable Stance stance(byte code) {
        return switch (code) {
            case 0 -> Stance.ANNOUNCED;
            case 1 -> Stance.DEPREFERENCED;
            case 2 -> Stance.YIELDING;
            case 3 -> Stance.WITHDRAWN;
            default -> null;
        };
    }

    /// Returns the signer for a secret. It is not thread-safe.
    static Mac key(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /// Returns whether this heartbeat is newer than another one of the same site.
    boolean after(Heartbeat last) {
        return boot > last.boot || (boot == last.boot && sequence > last.sequence);
    }
}
