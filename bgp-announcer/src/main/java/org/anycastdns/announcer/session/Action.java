package org.anycastdns.announcer.session;

import java.util.Map;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;

/// An action of a session. The driver carries out actions in the given order.
public sealed interface Action {

    /// Connect to the neighbor.
    record Connect() implements Action {}

    /// Send a message.
    record Send(Message message) implements Action {}

    /// Close the connection, or cancel the attempt to connect, after everything sent has left.
    record Close() implements Action {}

    /// Start or restart a timer.
    ///
    /// @param millis the delay before jitter, see [Timer#delayMillis]
    record Arm(Timer timer, long millis) implements Action {}

    /// Stop a timer.
    record Disarm(Timer timer) implements Action {}

    /// The session is established: routes can be advertised.
    record Up(Peer peer) implements Action {}

    /// The connection attempt or the session has ended.
    record Down(String reason) implements Action {}

    /// The neighbor sent an UPDATE.
    record Deliver(Message.Update update) implements Action {}

    /// Some prefixes cannot be announced to the neighbor. Replaces all earlier refusals.
    ///
    /// @param reasons the refused prefixes, each with the reason
    record Refuse(Map<Prefix, String> reasons) implements Action {

        public Refuse {
            reasons = Map.copyOf(reasons);
        }
    }
}
