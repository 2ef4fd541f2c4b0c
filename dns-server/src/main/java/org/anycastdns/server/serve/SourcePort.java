package org.anycastdns.server.serve;

/// Decides whether a datagram may be answered, by the UDP port that it came from.
public final class SourcePort {

    // What answers any datagram (RFC 862, 863 aside, 864, 865, 867, 868): echo, daytime, quote of
    // the day, character generator, time.
    private static final int ECHO = 7;
    private static final int DAYTIME = 13;
    private static final int QUOTE = 17;
    private static final int CHARACTER_GENERATOR = 19;
    private static final int TIME = 37;

    private SourcePort() {}

    /// Whether a service that answers anything has this port. A datagram with it as its source is
    /// forged: a reply would be answered by that service, and its answer by us, without end. No
    /// resolver asks from there, for these ports are reserved.
    ///
    /// @param port 0 to 65,535
    public static boolean isOfTextService(int port) {
        return switch (port) {
            case ECHO, DAYTIME, QUOTE, CHARACTER_GENERATOR, TIME -> true;
            default -> false;
        };
    }
}
