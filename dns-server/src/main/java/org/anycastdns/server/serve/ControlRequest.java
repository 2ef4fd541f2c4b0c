package org.anycastdns.server.serve;

import java.net.InetAddress;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Header;
import org.jspecify.annotations.Nullable;

/// A message that is no plain query. Its header and question are well-formed, and its TSIG record,
/// if any, is verified; nothing else of it has been checked.
///
/// @param message the whole message; shared, must not be modified
/// @param standing what this server has of the zone that the question names
/// @param client address of the client
/// @param transport how the message came
/// @param tls what the TLS handshake showed of the client; null over other transports
/// @param signature by whom it is signed; null if it is not
/// @param octetsMax length of the longest reply of one message in octets, without TSIG
/// @param idleTimeoutDeciseconds as for {@link Client#tcp}
/// @param epochSeconds the time in seconds since 1970
public record ControlRequest(
        byte[] message,
        Standing standing,
        InetAddress client,
        Transport transport,
        @Nullable TlsClient tls,
        TsigVerdict.@Nullable Verified signature,
        int octetsMax,
        int idleTimeoutDeciseconds,
        long epochSeconds) {

    /// What a server has of a zone.
    public enum Standing {
        /// No zone has exactly this name.
        NO_ZONE,
        /// The zone is known, but has no data now.
        UNAVAILABLE,
        /// The zone is served.
        SERVED
    }

    /// Returns the OPCODE, 0 to 15.
    public int opcode() {
        return message[Header.FLAGS] >>> (Header.OPCODE_SHIFT - Byte.SIZE) & Header.OPCODE_MASK;
    }
}
