package org.anycastdns.announcer.bfd;

/// The states of a session (RFC 5880 section 6.2); each holds what exists in it.
public sealed interface State {

    /// What is known of the other end.
    Remote remote();

    /// Why the session last changed for the worse (bfd.LocalDiag).
    Diagnostic diagnostic();

    /// Whether a Poll Sequence is under way: our intervals changed, and the other end has not yet
    /// said that it knows (RFC 5880 section 6.5).
    boolean polling();

    /// Not started, or stopped on purpose; hears nothing.
    record AdminDown(Diagnostic diagnostic, Remote remote) implements State {
        @Override
        public boolean polling() {
            return false;
        }
    }

    /// Hears nothing, or nothing that leads to a session.
    record Down(Diagnostic diagnostic, Remote remote, boolean polling) implements State {}

    /// Hears the other end.
    record Init(Diagnostic diagnostic, Remote remote, boolean polling) implements State {}

    /// Hears the other end and is heard.
    record Up(Remote remote, boolean polling) implements State {
        @Override
        public Diagnostic diagnostic() {
            return Diagnostic.NONE;
        }
    }

    /// What packets say of it.
    default SessionState onWire() {
        return switch (this) {
            case AdminDown _ -> SessionState.ADMIN_DOWN;
            case Down _ -> SessionState.DOWN;
            case Init _ -> SessionState.INIT;
            case Up _ -> SessionState.UP;
        };
    }
}
