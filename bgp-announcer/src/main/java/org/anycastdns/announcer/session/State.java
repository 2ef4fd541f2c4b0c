package org.anycastdns.announcer.session;

import java.net.InetAddress;
import org.anycastdns.announcer.message.Codec;

/// The states of a session (RFC 4271 section 8.2.2); each holds what exists in it and nothing else.
public sealed interface State {

    /// How many attempts and sessions in a row went wrong: the next wait grows with it.
    int failures();

    /// Waits out an error, or was stopped.
    record Idle(int failures) implements State {}

    /// Connects to the neighbor.
    record Connect(int failures) implements State {}

    /// Waits to connect again, or to be connected to.
    record Active(int failures) implements State {}

    /// Has sent its OPEN and awaits the neighbor's.
    ///
    /// @param local our end of the connection
    record OpenSent(int failures, InetAddress local) implements State {}

    /// Has accepted the neighbor's OPEN and awaits its KEEPALIVE.
    record OpenConfirm(int failures, InetAddress local, Peer peer) implements State {}

    /// Exchanges routes.
    ///
    /// @param announced what the neighbor has been told
    /// @param initial whether the initial set of routes, and End-of-RIB, are still to be sent
    record Established(
            int failures, InetAddress local, Peer peer, Advertisements announced, boolean initial)
            implements State {}

    /// How messages are written and read in this state.
    default Codec codec() {
        return switch (this) {
            case Idle _, Connect _, Active _, OpenSent _ -> Codec.INITIAL;
            case OpenConfirm confirm -> new Codec(confirm.peer.fourOctetAs());
            case Established established -> new Codec(established.peer.fourOctetAs());
        };
    }

    /// The name RFC 4271 gives it.
    default String name() {
        return getClass().getSimpleName();
    }
}
