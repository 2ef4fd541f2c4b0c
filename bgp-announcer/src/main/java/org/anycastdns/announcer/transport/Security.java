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
import org.jspecify.annotations.Nullable;

/// What the system shall do about the packets of a connection.
///
/// @param password the key of the TCP MD5 signature (RFC 2385); null signs nothing
/// @param ttl the TTL, or hop limit, to send with; 0 leaves it to the system
/// @param ttlMin the smallest TTL, or hop limit, to receive (RFC 5082); 0 takes any
public record Security(@Nullable String password, int ttl, int ttlMin) {

    /// Nothing in particular.
    public static final Security NONE = new Security(null, 0, 0);

    // From linux/in.h and linux/in6.h.
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final ChannelOption<Integer> IP_TTL =
            new IntegerUnixChannelOption("IP_TTL", IPPROTO_IP, 2);
    private static final ChannelOption<Integer> IP_MINTTL =
            new IntegerUnixChannelOption("IP_MINTTL", IPPROTO_IP, 21);
    private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
            new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", IPPROTO_IPV6, 16);
    private static final ChannelOption<Integer> IPV6_MINHOPCOUNT =
            new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", IPPROTO_IPV6, 73);

    /// Tells the system, before the connection is made.
    ///
    /// @throws ChannelException when it cannot do what protects the connection: then there must be
    ///   none
    void apply(ChannelConfig config, InetAddress remote) {
        boolean six = remote instanceof Inet6Address;
        if (ttl > 0) {
            // Only Linux can; elsewhere the system's own TTL reaches the neighbor as well.
            boolean _ = config.setOption(six ? IPV6_UNICAST_HOPS : IP_TTL, ttl);
        }
        if (ttlMin > 0) {
            require(config, six ? IPV6_MINHOPCOUNT : IP_MINTTL, ttlMin);
        }
        if (password != null) {
            require(config, EpollChannelOption.TCP_MD5SIG, Map.of(remote, key(password)));
        }
    }

    /// Tells a listening socket what it has to do before there is a connection to be told: sign for
    /// those with a password, answer with a TTL that the strictest of them takes, and hear nobody
    /// whom none of them would.
    ///
    /// @throws ChannelException when the system cannot
    static void apply(ChannelConfig config, Map<InetAddress, Security> expected) {
        Map<InetAddress, byte[]> keys = new HashMap<>();
        expected.forEach((remote, security) -> {
            if (security.password != null) {
                keys.put(remote, key(security.password));
            }
        });
        if (!keys.isEmpty()) {
            require(config, EpollChannelOption.TCP_MD5SIG, keys);
        }
        for (boolean six : new boolean[] {false, true}) {
            List<Security> family =
                    expected.entrySet().stream()
                            .filter(entry -> six == entry.getKey() instanceof Inet6Address)
                            .map(Map.Entry::getValue)
                            .toList();
            int ttl = family.stream().mapToInt(Security::ttl).max().orElse(0);
            int ttlMin = family.stream().mapToInt(Security::ttlMin).min().orElse(0);
            if (family.stream().anyMatch(security -> security.ttlMin > 0)) {
                require(config, six ? IPV6_UNICAST_HOPS : IP_TTL, ttl);
            }
            if (ttlMin > 0) {
                require(config, six ? IPV6_MINHOPCOUNT : IP_MINTTL, ttlMin);
            }
        }
    }

    /// The same without a password.
    public Security unsigned() {
        return new Security(null, ttl, ttlMin);
    }

    private static byte[] key(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> void require(ChannelConfig config, ChannelOption<T> option, T value) {
        if (!config.setOption(option, value)) {
            throw new ChannelException("this system has no " + option.name());
        }
    }

    /// Without the password: records end up in logs.
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
