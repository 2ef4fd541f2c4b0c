package org.anycastdns.announcer.bfd;

/// The state of a BFD session (RFC 5880 section 6.2); each state holds only what exists in it.
public sealed interface BfdState {

    /// Returns what is known about the other end.
    Remote remote();

    /// Returns why the session last went down (bfd.LocalDiag).
    Diagnostic diagnostic();

    /// Returns whether a Poll Sequence is in progress: our intervals changed, and the other end has
    /// not acknowledged them yet (RFC 5880 section 6.5).
    boolean polling();

    /// Not started, or stopped on purpose; ignores every packet.
    record AdminDown(Diagnostic diagnostic, Remote remote) implements BfdState {
        @Override
        public boolean polling() {
            return false;
        }
    }

    /// Receives no packets, or none that lead to a session.
    record Down(Diagnostic diagnostic, Remote remote, boolean polling) implements BfdState {}

    /// Receives packets; the other end does not receive ours yet.
    record Init(Diagnostic diagnostic, Remote remote, boolean polling) implements BfdState {}

    /// Both ends receive packets.
    record Up(Remote remote, boolean polling) implements BfdState {
        @Override
        public Diagnostic diagnostic() {
            return Diagnostic.NONE;
        }
    }

    /// Returns the state as packets carry it.
    default SessionState onWire() {
        return switch (this) {
            case AdminDown _ -> SessionState.ADMIN_DOWN;
            case Down _ -> SessionState.DOWN;
            case Init _ -> SessionState.INIT;
            case Up _ -> SessionState.UP;
        };
    }
}
