package org.anycastdns.server.serve;

/// Decides by the source port of a datagram whether it may be answered.
public final class SourcePort {

    // Ports of services that answer every datagram: echo (RFC 862), character generator (RFC 864),
    // quote of the day (RFC 865), daytime (RFC 867) and time (RFC 868). Discard (RFC 863) answers
    // nothing.
    private static final int ECHO = 7;
    private static final int DAYTIME = 13;
    private static final int QUOTE = 17;
    private static final int CHARACTER_GENERATOR = 19;
    private static final int TIME = 37;

    private SourcePort() {}

    /// Returns whether a port belongs to a service that answers every datagram. A datagram with
    /// such a source port is forged. The service would answer our response, and we would answer its
    /// answer, in an endless loop. Resolvers never use these ports, because they are reserved.
    ///
    /// @param port 0 to 65,535
    public static boolean isOfTextService(int port) {
        return switch (port) {
            case ECHO, DAYTIME, QUOTE, CHARACTER_GENERATOR, TIME -> true;
            default -> false;
        };
    }
}
