package org.anycastdns.announcer.fleet;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.anycastdns.announcer.decision.Fleet.Stance;
import org.jspecify.annotations.Nullable;

/// A heartbeat that a site sends to another one.
///
/// ```
///  0        4         5        6             7      15         23          31     39     end-32
///  "ADHB" | version | stance | name length | boot | sequence | sent (ms) | echo | name | HMAC-SHA-256
/// ```
///
/// The signature also covers the addresses and ports of the sender and the receiver, which the
/// octets do not contain. So a heartbeat counts only on the way for which it was signed. The echo
/// names the run of the receiver to which it is sent, so that a later run takes nothing recorded.
///
/// @param stance the stance of the site
/// @param boot when the site's announcer started, in milliseconds since 1970; orders its restarts
/// @param sequence counts the heartbeats since that start
/// @param sentMillis when it was sent, in milliseconds since 1970
/// @param echo the boot of the receiver, as the sender knows it; 0 if it does not
/// @param name the name of the site, 1 to 200 octets of UTF-8
record Heartbeat(Stance stance, long boot, long sequence, long sentMillis, long echo, String name) {

    /// The maximum length of a name in octets.
    static final int NAME_OCTETS_MAX = 200;

    private static final byte[] MAGIC = "ADHB".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 3;
    private static final int HEADER_OCTETS = 39;
    private static final int HMAC_OCTETS = 32;

    /// The maximum length of a heartbeat in octets.
    static final int OCTETS_MAX = HEADER_OCTETS + NAME_OCTETS_MAX + HMAC_OCTETS;

    private static final String ALGORITHM = "HmacSHA256";

    /// Returns the heartbeat as signed octets.
    ///
    /// @param from the address of the sender, as the receiver sees it
    /// @param to the address of the receiver
    byte[] signed(Mac key, InetSocketAddress from, InetSocketAddress to) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        if (octets.length < 1 || octets.length > NAME_OCTETS_MAX) {
            throw new IllegalArgumentException("a name of " + octets.length + " octets");
        }
        ByteBuffer out = ByteBuffer.allocate(HEADER_OCTETS + octets.length + HMAC_OCTETS);
        out.put(MAGIC).put(VERSION).put(code(stance)).put((byte) octets.length);
        out.putLong(boot).putLong(sequence).putLong(sentMillis).putLong(echo).put(octets);
        out.put(signature(out.array(), out.position(), key, from, to));
        return out.array();
    }

    private static byte[] signature(
            byte[] octets, int length, Mac key, InetSocketAddress from, InetSocketAddress to) {
        key.update(octets, 0, length);
        cover(from, key);
        cover(to, key);
        return key.doFinal();
    }

    private static void cover(InetSocketAddress address, Mac key) {
        byte[] ip = address.getAddress().getAddress();
        key.update((byte) ip.length);
        key.update(ip);
        key.update((byte) (address.getPort() >>> Byte.SIZE));
        key.update((byte) address.getPort());
    }

    /// Returns the heartbeat in the octets. Returns null if the signature is wrong or for other
    /// addresses, or if it is not a heartbeat of this version.
    static @Nullable Heartbeat verified(
            byte[] octets, Mac key, InetSocketAddress from, InetSocketAddress to) {
        int signed = octets.length - HMAC_OCTETS;
        if (signed <= HEADER_OCTETS
                || octets.length > OCTETS_MAX
                || !MessageDigest.isEqual(
                        signature(octets, signed, key, from, to),
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
        long echo = in.getLong();
        String name = new String(octets, HEADER_OCTETS, length, StandardCharsets.UTF_8);
        return new Heartbeat(stance, boot, sequence, sent, echo, name);
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
