package org.anycastdns.server.serve;

/// Decides by the source port of a datagram whether it may be answered.
public final class SourcePort {

    /// The ports of services that answer every datagram, one bit each: echo (7, RFC 862), daytime
    /// (13, RFC 867), quote of the day (17, RFC 865), character generator (19, RFC 864) and time
    /// (37, RFC 868). Discard (9, RFC 863) answers nothing.
    private static final long TEXT_SERVICES = 1L << 7 | 1L << 13 | 1L << 17 | 1L << 19 | 1L << 37;

    private SourcePort() {}

    /// Returns whether a port belongs to a service that answers every datagram. A datagram with
    /// such a source port is forged. The service would answer our response, and we would answer its
    /// answer, in an endless loop. Resolvers never use these ports, because they are reserved.
    ///
    /// @param port 0 to 65,535
    public static boolean isOfTextService(int port) {
        return port < Long.SIZE && (TEXT_SERVICES >>> port & 1) == 1;
    }
}
