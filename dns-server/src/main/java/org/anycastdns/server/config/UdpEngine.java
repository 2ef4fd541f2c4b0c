package org.anycastdns.server.config;

/// What carries datagrams between the network and the responder.
public enum UdpEngine {
    /// The best one that works on this machine.
    AUTO,
    /// Netty: every system.
    NETTY;

    /// Reads an engine's name.
    ///
    /// @throws IllegalArgumentException saying what is possible
    static UdpEngine of(String text) {
        return switch (text) {
            case "auto" -> AUTO;
            case "netty" -> NETTY;
            case "mmsg", "xdp" ->
                    throw new IllegalArgumentException(
                            "engine '%s' is not part of this version; use auto or netty"
                                    .formatted(text));
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is none of auto, netty, mmsg, xdp".formatted(text));
        };
    }
}
