package org.anycastdns.announcer.ops;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.anycastdns.announcer.message.Addresses;

/// An address and a port as people write them.
public final class Endpoint {

    private Endpoint() {}

    /// The endpoint as `127.0.0.1:9179` or `[::1]:9179`.
    public static String text(InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        String host = address == null ? endpoint.getHostString() : Addresses.text(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + endpoint.getPort();
    }
}
