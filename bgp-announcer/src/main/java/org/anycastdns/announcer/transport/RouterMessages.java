package org.anycastdns.announcer.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The two ICMPv6 messages by which routers on a link find each other (RFC 4861 section 4). The
/// kernel fills in the checksum.
final class RouterMessages {

    /// The type of a router solicitation.
    static final int SOLICITATION = 133;

    /// The type of a router advertisement.
    static final int ADVERTISEMENT = 134;

    private static final int SOLICITATION_OCTETS = 8;
    private static final int ADVERTISEMENT_OCTETS = 16;

    /// The length of the kernel's filter: a bit for each of 256 types.
    private static final int FILTER_OCTETS = 32;

    private RouterMessages() {}

    /// Returns a request for advertisements.
    static byte[] solicitation() {
        return ByteBuffer.allocate(SOLICITATION_OCTETS).put((byte) SOLICITATION).array();
    }

    /// Returns an advertisement with the lifetime 0: we are here, and no default router.
    static byte[] advertisement() {
        return ByteBuffer.allocate(ADVERTISEMENT_OCTETS).put((byte) ADVERTISEMENT).array();
    }

    /// Returns the type of a valid message (RFC 4861 sections 6.1.1 and 6.1.2), or 0. The checks of
    /// the checksum and the hop limit are the kernel's.
    static int type(byte[] octets) {
        if (octets.length < SOLICITATION_OCTETS || octets[1] != 0) {
            return 0;
        }
        return switch (octets[0] & 0xff) {
            case SOLICITATION -> SOLICITATION;
            case ADVERTISEMENT -> octets.length < ADVERTISEMENT_OCTETS ? 0 : ADVERTISEMENT;
            default -> 0;
        };
    }

    /// Returns the filter that lets only these two types in (ICMPV6_FILTER of linux/icmpv6.h). A
    /// set bit keeps a type out.
    static ByteBuffer filter() {
        ByteBuffer filter = ByteBuffer.allocate(FILTER_OCTETS).order(ByteOrder.nativeOrder());
        for (int word = 0; word < FILTER_OCTETS / Integer.BYTES; word++) {
            filter.putInt(word * Integer.BYTES, -1);
        }
        for (int type : new int[] {SOLICITATION, ADVERTISEMENT}) {
            int at = type / Integer.SIZE * Integer.BYTES;
            filter.putInt(at, filter.getInt(at) & ~(1 << (type % Integer.SIZE)));
        }
        return filter;
    }
}
