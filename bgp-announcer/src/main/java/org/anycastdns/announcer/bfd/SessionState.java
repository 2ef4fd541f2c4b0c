package org.anycastdns.announcer.bfd;

/// The state a packet tells of (bfd.SessionState, RFC 5880 section 4.1).
public enum SessionState {
    /// Kept down on purpose.
    ADMIN_DOWN(0, "AdminDown"),
    /// Nothing heard, or not lately.
    DOWN(1, "Down"),
    /// Hears the other end, and does not know whether it is heard.
    INIT(2, "Init"),
    /// Hears and is heard.
    UP(3, "Up");

    private final int code;
    private final String text;

    SessionState(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// The state with this code, 0 to 3.
    static SessionState of(int code) {
        return switch (code) {
            case 0 -> ADMIN_DOWN;
            case 1 -> DOWN;
            case 2 -> INIT;
            default -> UP;
        };
    }

    /// The code on the wire.
    int code() {
        return code;
    }

    /// The name RFC 5880 gives it.
    @Override
    public String toString() {
        return text;
    }
}
