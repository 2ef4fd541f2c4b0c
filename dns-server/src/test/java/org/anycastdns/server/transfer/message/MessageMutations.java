package org.anycastdns.server.transfer.message;

import java.util.Arrays;
import java.util.Random;

/// Damages messages.
public final class MessageMutations {

    private MessageMutations() {}

    /// Returns a copy with a few octets changed, and sometimes cut off.
    public static byte[] mutated(byte[] whole, Random random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(whole.length + 1) : whole.length;
        byte[] octets = Arrays.copyOf(whole, length);
        for (int i = random.nextInt(4); i >= 0 && length > 0; i--) {
            octets[random.nextInt(length)] =
                    (byte) (random.nextBoolean() ? random.nextInt(256) : 0xc0);
        }
        return octets;
    }
}
