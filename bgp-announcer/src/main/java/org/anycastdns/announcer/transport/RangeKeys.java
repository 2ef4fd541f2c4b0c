package org.anycastdns.announcer.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Prefix;

/// The keys of TCP MD5 signatures for ranges of addresses (TCP_MD5SIG_EXT, Linux 4.13). Netty has
/// only those for single addresses. The kernel's structure (linux/tcp.h):
///
/// ```c
/// struct tcp_md5sig {
///     struct __kernel_sockaddr_storage tcpm_addr;
///     __u8 tcpm_flags; __u8 tcpm_prefixlen; __u16 tcpm_keylen; int tcpm_ifindex;
///     __u8 tcpm_key[TCP_MD5SIG_MAXKEYLEN];
/// };
/// ```
final class RangeKeys {

    private static final int ADDRESS_OCTETS = 128;
    private static final int KEY_AT = ADDRESS_OCTETS + 8;
    private static final int OCTETS = KEY_AT + 80;

    /// TCP_MD5SIG_FLAG_PREFIX: the prefix length is set.
    private static final byte FLAG_PREFIX = 1;

    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;

    /// The option number, from linux/tcp.h.
    private static final RawUnixChannelOption TCP_MD5SIG_EXT =
            new RawUnixChannelOption("TCP_MD5SIG_EXT", 6, 32, OCTETS);

    private RangeKeys() {}

    /// Sets the keys of a listening socket.
    ///
    /// @param before what was set before; keys that are not needed any more are removed
    /// @throws ChannelException when the system does not support them
    static void apply(ChannelConfig config, Map<Prefix, String> keys, Map<Prefix, String> before) {
        before.forEach((range, key) -> {
            if (!keys.containsKey(range)) {
                set(config, range, new byte[0]);
            }
        });
        keys.forEach((range, key) -> {
            if (!key.equals(before.get(range))) {
                set(config, range, Security.key(key));
            }
        });
    }

    /// Sets the key of a range, or removes it if the key is empty.
    private static void set(ChannelConfig config, Prefix range, byte[] key) {
        Security.require(config, TCP_MD5SIG_EXT, option(range, key, Socket.isIPv6Preferred()));
    }

    /// Returns the structure.
    ///
    /// @param six whether the socket is one of IPv6, for which IPv4 addresses are mapped
    static ByteBuffer option(Prefix range, byte[] key, boolean six) {
        byte[] address = range.address().getAddress();
        ByteBuffer value = ByteBuffer.allocate(OCTETS).order(ByteOrder.nativeOrder());
        value.putShort(0, six || range.family() == Family.IPV6 ? AF_INET6 : AF_INET);
        if (range.family() == Family.IPV6) {
            value.put(8, address);
        } else if (six) {
            value.putShort(18, (short) -1).put(20, address); // ::ffff:0:0/96
        } else {
            value.put(4, address);
        }
        value.put(ADDRESS_OCTETS, FLAG_PREFIX)
                .put(ADDRESS_OCTETS + 1, (byte) range.length())
                .putShort(ADDRESS_OCTETS + 2, (short) key.length)
                .put(KEY_AT, key);
        return value;
    }
}
