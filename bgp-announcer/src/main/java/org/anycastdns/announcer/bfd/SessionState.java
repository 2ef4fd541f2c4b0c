package org.anycastdns.announcer.bfd;

/// The session state in a packet (bfd.SessionState, RFC 5880 section 4.1).
public enum SessionState {
    /// Kept down on purpose.
    ADMIN_DOWN(0, "AdminDown"),
    /// Receives nothing from the other end.
    DOWN(1, "Down"),
    /// Receives packets, but does not know whether the other end does.
    INIT(2, "Init"),
    /// Both ends receive packets.
    UP(3, "Up");

    private final int code;
    private final String text;

    SessionState(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// Returns the state with this code, 0 to 3.
    static SessionState of(int code) {
        return switch (code) {
            case 0 -> ADMIN_DOWN;
            case 1 -> DOWN;
            case 2 -> INIT;
            default -> UP;
        };
    }

    /// Returns the code on the wire.
    int code() {
        return code;
    }

    /// Returns the name in RFC 5880.
    @Override
    public String toString() {
        return text;
    }
}
