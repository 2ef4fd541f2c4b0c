package org.anycastdns.announcer.session;

import java.util.Map;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;

/// What a session wants done; the driver does it in the order given.
public sealed interface Action {

    /// Connect to the neighbor.
    record Connect() implements Action {}

    /// Send a message.
    record Send(Message message) implements Action {}

    /// Close the connection, or give up the attempt, after everything sent has left.
    record Close() implements Action {}

    /// Start a timer, or start it anew.
    ///
    /// @param millis the delay before jitter, see [Timer#delayMillis]
    record Arm(Timer timer, long millis) implements Action {}

    /// Stop a timer.
    record Disarm(Timer timer) implements Action {}

    /// The session is established: routes can be advertised.
    record Up(Peer peer) implements Action {}

    /// The attempt or the session is over.
    record Down(String reason) implements Action {}

    /// The neighbor told us of routes.
    record Deliver(Message.Update update) implements Action {}

    /// These are the prefixes that cannot be announced to the neighbor, each with the reason;
    /// replaces what was said before.
    record Refuse(Map<Prefix, String> reasons) implements Action {

        public Refuse {
            reasons = Map.copyOf(reasons);
        }
    }
}
