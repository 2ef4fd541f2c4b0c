package org.anycastdns.announcer.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.announcer.message.Family;
import org.anycastdns.announcer.message.Prefix;
import org.jspecify.annotations.Nullable;

/// The socket options that protect the packets of a connection.
///
/// @param password the key of the TCP MD5 signature (RFC 2385); null disables signatures
/// @param ttl the TTL or hop limit to send with; 0 means the system's default
/// @param ttlMin the minimum TTL or hop limit to accept (RFC 5082); 0 accepts any
public record Security(@Nullable String password, int ttl, int ttlMin) {

    /// No protection.
    public static final Security NONE = new Security(null, 0, 0);

    /// Makes Linux send with the system's default again (ip(7), ipv6(7)).
    private static final int TTL_DEFAULT = -1;

    // From linux/in.h and linux/in6.h.
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    static final ChannelOption<Integer> IP_TTL =
            new IntegerUnixChannelOption("IP_TTL", IPPROTO_IP, 2);
    private static final ChannelOption<Integer> IP_MINTTL =
            new IntegerUnixChannelOption("IP_MINTTL", IPPROTO_IP, 21);
    static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
            new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", IPPROTO_IPV6, 16);
    static final ChannelOption<Integer> IPV6_V6ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, 26);
    private static final ChannelOption<Integer> IPV6_MINHOPCOUNT =
            new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", IPPROTO_IPV6, 73);

    /// Sets the socket options. Must be called before the connection is opened.
    ///
    /// @throws ChannelException when a protection is not available; then there must be no
    ///   connection
    void apply(ChannelConfig config, InetAddress remote) {
        boolean six = remote instanceof Inet6Address;
        if (ttl > 0) {
            // Only Linux supports this. Elsewhere the system's default TTL reaches the neighbor as
            // well.
            boolean _ = config.setOption(six ? IPV6_UNICAST_HOPS : IP_TTL, ttl);
        }
        if (ttlMin > 0) {
            require(config, six ? IPV6_MINHOPCOUNT : IP_MINTTL, ttlMin);
        }
        if (password != null) {
            require(config, EpollChannelOption.TCP_MD5SIG, Map.of(remote, key(password)));
        }
    }

    /// Sets the options of a listening socket, which apply before a connection is accepted. It
    /// signs for neighbors with a password. It sends with a TTL that the strictest neighbor
    /// accepts, and drops packets that no neighbor would accept.
    ///
    /// @param before what was set before; options that are not needed any more are reset
    /// @throws ChannelException when the system does not support an option
    static void apply(
            ChannelConfig config, Map<Prefix, Security> expected, Map<Prefix, Security> before) {
        Map<InetAddress, byte[]> keys = keys(expected);
        if (!keys.isEmpty() || !keys(before).isEmpty()) {
            require(config, EpollChannelOption.TCP_MD5SIG, keys);
        }
        RangeKeys.apply(config, rangeKeys(expected), rangeKeys(before));
        for (boolean six : new boolean[] {false, true}) {
            Hops now = Hops.of(expected, six);
            Hops last = Hops.of(before, six);
            if (now.ttl != last.ttl) {
                int ttl = now.ttl == 0 ? TTL_DEFAULT : now.ttl;
                require(config, six ? IPV6_UNICAST_HOPS : IP_TTL, ttl);
            }
            if (now.ttlMin != last.ttlMin) {
                require(config, six ? IPV6_MINHOPCOUNT : IP_MINTTL, now.ttlMin);
            }
        }
    }

    private static Map<InetAddress, byte[]> keys(Map<Prefix, Security> expected) {
        Map<InetAddress, byte[]> keys = new HashMap<>();
        expected.forEach((remote, security) -> {
            if (security.password != null && remote.isHost()) {
                keys.put(remote.address(), key(security.password));
            }
        });
        return keys;
    }

    private static Map<Prefix, String> rangeKeys(Map<Prefix, Security> expected) {
        Map<Prefix, String> keys = new HashMap<>();
        expected.forEach((remote, security) -> {
            if (security.password != null && !remote.isHost()) {
                keys.put(remote, security.password);
            }
        });
        return keys;
    }

    /// The TTL options that a listening socket needs for neighbors of one family; 0 for none.
    private record Hops(int ttl, int ttlMin) {

        static Hops of(Map<Prefix, Security> expected, boolean six) {
            List<Security> family =
                    expected.entrySet().stream()
                            .filter(entry -> six == (entry.getKey().family() == Family.IPV6))
                            .map(Map.Entry::getValue)
                            .toList();
            boolean checked = family.stream().anyMatch(security -> security.ttlMin > 0);
            return new Hops(
                    checked ? family.stream().mapToInt(Security::ttl).max().orElse(0) : 0,
                    family.stream().mapToInt(Security::ttlMin).min().orElse(0));
        }
    }

    /// Returns the same options without a password.
    public Security unsigned() {
        return new Security(null, ttl, ttlMin);
    }

    static byte[] key(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    static <T> void require(ChannelConfig config, ChannelOption<T> option, T value) {
        if (!config.setOption(option, value)) {
            throw new ChannelException("this system has no " + option.name());
        }
    }

    /// Leaves out the password, because records end up in logs.
    @Override
    public String toString() {
        return "Security[password="
                + (password == null ? "none" : "secret")
                + ", ttl="
                + ttl
                + ", ttlMin="
                + ttlMin
                + "]";
    }
}
