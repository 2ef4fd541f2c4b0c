package org.anycastdns.server.transfer.secondary;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// One address of a server from which zones come.
///
/// @param remote the name of the server in the configuration
/// @param key signs all messages; null for none
/// @param tls what connections are made with; null for plain TCP and UDP
/// @param source the address of this host from which requests go; null if the system chooses
public record Primary(
        String remote,
        InetSocketAddress address,
        @Nullable TsigKey key,
        @Nullable PeerTls tls,
        @Nullable InetAddress source) {

    /// A server without TLS.
    public Primary(String remote, InetSocketAddress address, @Nullable TsigKey key) {
        this(remote, address, key, null, null);
    }

    /// Returns where sockets are bound; null for anywhere.
    @Nullable InetSocketAddress local() {
        return source == null ? null : new InetSocketAddress(source, 0);
    }

    /// Returns whether a message from an address, signed with a key, is one of this primary's.
    ///
    /// @param keyName null if it is not signed
    boolean sent(InetAddress sender, @Nullable Name keyName) {
        return address.getAddress().equals(sender)
                && Objects.equals(key == null ? null : key.name(), keyName);
    }

    /// Returns name and address, such as `hidden (192.0.2.9:53)`.
    @Override
    public String toString() {
        return "%s (%s)".formatted(remote, NetUtil.toSocketAddressString(address));
    }
}
