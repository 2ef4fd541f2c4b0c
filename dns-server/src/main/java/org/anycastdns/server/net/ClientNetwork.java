package org.anycastdns.server.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// A client as the TCP limits know it: an IPv4 address, or an IPv6 /56, which one customer usually
/// gets (RFC 6177 section 2).
///
/// @param bits the first bit tells the families apart. The last bits are the IPv4 address, or the
///   first 56 bits of the IPv6 address.
record ClientNetwork(long bits) {

    private static final long IPV4 = 1L << 63;

    private static final int IPV6_PREFIX_LENGTH = 56;

    private static final int IPV6_OTHER_BITS = Long.SIZE - IPV6_PREFIX_LENGTH;

    /// Returns the network of an address.
    static ClientNetwork of(InetAddress address) {
        byte[] octets = address.getAddress();
        return new ClientNetwork(
                octets.length == Integer.BYTES
                        ? IPV4 | Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt())
                        : ByteBuffer.wrap(octets).getLong() >>> IPV6_OTHER_BITS);
    }

    /// Returns the network as operators write it, such as `192.0.2.1` or `2001:db8:1:200::/56`.
    @Override
    public String toString() {
        if (bits < 0) {
            return NetUtil.intToIpAddress((int) bits);
        }
        byte[] octets = ByteBuffer.allocate(16).putLong(bits << IPV6_OTHER_BITS).array();
        return NetUtil.bytesToIpAddress(octets) + "/" + IPV6_PREFIX_LENGTH;
    }
}
