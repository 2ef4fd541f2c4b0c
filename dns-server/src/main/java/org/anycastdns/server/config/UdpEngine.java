package org.anycastdns.server.config;

/// The engine that carries datagrams between the network and the responder.
public enum UdpEngine {
    /// The best engine that works on this machine.
    AUTO,
    /// Netty: works on every system.
    NETTY,
    /// recvmmsg(2) and sendmmsg(2): Linux on x86-64 and aarch64.
    MMSG;

    /// Parses an engine's name.
    ///
    /// @throws IllegalArgumentException with the possible names
    static UdpEngine of(String text) {
        return switch (text) {
            case "auto" -> AUTO;
            case "netty" -> NETTY;
            case "mmsg" -> MMSG;
            case "xdp" ->
                    throw new IllegalArgumentException(
                            "engine 'xdp' is not built into this version; use auto, mmsg or netty");
            default ->
                    throw new IllegalArgumentException(
                            "must be auto, netty or mmsg, not '%s'".formatted(text));
        };
    }
}
