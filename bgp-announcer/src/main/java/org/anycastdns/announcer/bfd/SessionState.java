package org.anycastdns.announcer.bfd;

/// The session state in a packet (bfd.SessionState, RFC 5880 section 4.1).
public enum SessionState {
    /// Kept down on purpose.
    ADMIN_DOWN,
    /// Receives nothing from the other end.
    DOWN,
    /// Receives packets, but does not know whether the other end does.
    INIT,
    /// Both ends receive packets.
    UP;

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
        return switch (this) {
            case ADMIN_DOWN -> 0;
            case DOWN -> 1;
            case INIT -> 2;
            case UP -> 3;
        };
    }

    /// Returns the name in RFC 5880.
    @Override
    public String toString() {
        return switch (this) {
            case ADMIN_DOWN -> "AdminDown";
            case DOWN -> "Down";
            case INIT -> "Init";
            case UP -> "Up";
        };
    }
}
