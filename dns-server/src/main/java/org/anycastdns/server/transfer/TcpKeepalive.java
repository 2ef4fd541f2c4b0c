package org.anycastdns.server.transfer;

import java.util.OptionalLong;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.wire.Edns;

/// How long a server keeps an idle connection, by its edns-tcp-keepalive option (RFC 7828).
public final class TcpKeepalive {

    /// The unit of the option, in milliseconds.
    private static final long UNIT_MILLIS = 100;

    private TcpKeepalive() {}

    /// Returns the time in milliseconds, up to 6,553,500; empty if a response has no such option.
    ///
    /// @param response any octets
    public static OptionalLong idleMillis(byte[] response) {
        byte[] option =
                MessageParser.parse(response) instanceof ParsedMessage.Sound(WholeMessage sound)
                        ? sound.option(Edns.TCP_KEEPALIVE)
                        : null;
        return option == null || option.length != Short.BYTES
                ? OptionalLong.empty()
                : OptionalLong.of(
                        UNIT_MILLIS * (((option[0] & 0xff) << Byte.SIZE) | (option[1] & 0xff)));
    }
}
