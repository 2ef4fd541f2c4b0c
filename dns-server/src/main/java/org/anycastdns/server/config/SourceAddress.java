package org.anycastdns.server.config;

import java.net.InetAddress;

/// An address of this server from which it sends to another one.
///
/// @param address of this host, not of a group
public record SourceAddress(InetAddress address) {

    static final String FORM = "an address of this host, e.g. 192.0.2.53 or 2001:db8::53";

    /// Parses an address; no name is resolved.
    ///
    /// @throws IllegalArgumentException if the text is something else
    static SourceAddress of(String text) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be %s, not '%s'".formatted(FORM, text), e);
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException("must be %s, not '%s'".formatted(FORM, text));
        }
        return new SourceAddress(address);
    }

    @Override
    public String toString() {
        return address.getHostAddress();
    }
}
