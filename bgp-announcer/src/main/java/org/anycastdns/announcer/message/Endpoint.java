package org.anycastdns.announcer.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Formats an address and a port.
public final class Endpoint {

    private Endpoint() {}

    /// Returns the endpoint as `127.0.0.1:9179` or `[::1]:9179`.
    public static String text(InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        String host = address == null ? endpoint.getHostString() : Addresses.text(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + endpoint.getPort();
    }
}
