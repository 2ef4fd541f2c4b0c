package org.anycastdns.announcer.session;

import java.net.InetAddress;
import org.anycastdns.announcer.message.Codec;

/// The state of a session (RFC 4271 section 8.2.2). Each state holds only the data that exists in
/// it.
public sealed interface State {

    /// Returns how often attempts and sessions have failed in a row.
    Failures failures();

    /// Waits after an error, or is stopped.
    record Idle(Failures failures) implements State {

        /// Creates the state after so many failed attempts and no failed session.
        public Idle(int attempts) {
            this(new Failures(attempts, 0));
        }
    }

    /// Is connecting to the neighbor.
    record Connect(Failures failures) implements State {

        /// Creates the state after so many failed attempts and no failed session.
        public Connect(int attempts) {
            this(new Failures(attempts, 0));
        }
    }

    /// Waits before the next attempt, or for the neighbor to connect.
    record Active(Failures failures) implements State {

        /// Creates the state after so many failed attempts and no failed session.
        public Active(int attempts) {
            this(new Failures(attempts, 0));
        }
    }

    /// Has sent its OPEN and waits for the neighbor's OPEN.
    ///
    /// @param local our address of the connection
    record OpenSent(Failures failures, InetAddress local) implements State {}

    /// Has accepted the neighbor's OPEN and waits for its KEEPALIVE.
    record OpenConfirm(Failures failures, InetAddress local, Peer peer) implements State {}

    /// Exchanges routes.
    ///
    /// @param announced the routes that the neighbor has been sent
    /// @param initial whether the initial routes and End-of-RIB have not been sent yet
    record Established(
            Failures failures,
            InetAddress local,
            Peer peer,
            Advertisements announced,
            boolean initial)
            implements State {}

    /// Returns the codec for messages in this state.
    default Codec codec() {
        return switch (this) {
            case Idle _, Connect _, Active _, OpenSent _ -> Codec.INITIAL;
            case OpenConfirm confirm -> new Codec(confirm.peer.fourOctetAs());
            case Established established -> new Codec(established.peer.fourOctetAs());
        };
    }

    /// Returns the name in RFC 4271.
    default String name() {
        return getClass().getSimpleName();
    }
}
