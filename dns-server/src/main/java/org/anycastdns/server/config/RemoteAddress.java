package org.anycastdns.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;

/// The address of another server.
///
/// @param port 1 to 65535; empty for the port of the protocol
public record RemoteAddress(InetAddress address, OptionalInt port) {

    static final String FORM =
            "HOST or HOST:PORT, e.g. 192.0.2.53, 2001:db8::53 or [2001:db8::53]:5353";

    private static final int PORT_MAX = 65_535;

    /// Parses HOST, HOST:PORT or [HOST]:PORT; a host name is resolved.
    ///
    /// @throws IllegalArgumentException if the text is something else, or the host has no address
    static RemoteAddress of(String text) {
        int colon = text.lastIndexOf(':');
        boolean brackets = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        boolean single = colon > 0 && text.indexOf(':') == colon;
        if (text.isEmpty() || (text.startsWith("[") && !brackets)) {
            throw new IllegalArgumentException("must be " + FORM + ", not '" + text + "'");
        }
        boolean withPort = brackets || single;
        String host = withPort ? text.substring(0, colon) : text;
        OptionalInt port =
                withPort
                        ? OptionalInt.of(port(text, text.substring(colon + 1)))
                        : OptionalInt.empty();
        try {
            return new RemoteAddress(
                    InetAddress.getByName(brackets ? host.substring(1, host.length() - 1) : host),
                    port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "host '%s' in '%s' has no address".formatted(host, text), e);
        }
    }

    private static int port(String text, String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= PORT_MAX && Character.isDigit(port.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the message for a number that is not a port
        }
        throw new IllegalArgumentException(
                "port '%s' in '%s' is not a number from 1 to %d".formatted(port, text, PORT_MAX));
    }

    /// Returns the address with its port.
    ///
    /// @param otherwise the port, if none was written
    public InetSocketAddress socket(int otherwise) {
        return new InetSocketAddress(address, port.orElse(otherwise));
    }
}
