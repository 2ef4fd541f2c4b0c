package org.anycastdns.server.zone;

import java.nio.ByteBuffer;

/// The numbers at the end of SOA RDATA (RFC 1035 section 3.3.13): SERIAL, REFRESH, RETRY, EXPIRE,
/// MINIMUM, four octets each.
public final class SoaFields {

    /// Length of the five numbers in octets.
    public static final int OCTETS = 20;

    private static final int SERIAL_FROM_END = OCTETS;
    private static final int EXPIRE_FROM_END = 8;
    private static final int MINIMUM_FROM_END = 4;

    private SoaFields() {}

    /// Returns SERIAL, an unsigned number in an int.
    public static int serial(byte[] rdata) {
        return ByteBuffer.wrap(rdata).getInt(rdata.length - SERIAL_FROM_END);
    }

    /// Returns EXPIRE in seconds, an unsigned number in an int.
    public static int expireSeconds(byte[] rdata) {
        int at = rdata.length - EXPIRE_FROM_END;
        return (rdata[at] & 0xff) << 24
                | (rdata[at + 1] & 0xff) << 16
                | (rdata[at + 2] & 0xff) << 8
                | (rdata[at + 3] & 0xff);
    }

    /// Returns MINIMUM in seconds; a larger value counts as 2^31-1 (RFC 2181 section 8).
    public static int minimumSeconds(byte[] rdata) {
        int minimum = ByteBuffer.wrap(rdata).getInt(rdata.length - MINIMUM_FROM_END);
        return minimum < 0 ? Integer.MAX_VALUE : minimum;
    }
}
