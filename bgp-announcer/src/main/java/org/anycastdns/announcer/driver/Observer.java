package org.anycastdns.announcer.driver;

import java.time.Duration;
import java.util.Set;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.SessionState;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;

/// Is told what happens to sessions, for metrics; called on the neighbor's event loop unless it
/// says otherwise, must return quickly. Every method does nothing unless overridden.
public interface Observer {

    /// An observer that looks away.
    Observer NONE = new Observer() {};

    /// The session went from one state to another ("Idle", "Connect", "Active", "OpenSent",
    /// "OpenConfirm", "Established").
    default void stateChanged(Neighbor neighbor, String from, String to, String reason) {}

    /// UPDATEs with these changes were handed to the socket.
    default void updated(Neighbor neighbor, Set<Prefix> announced, Set<Prefix> withdrawn) {}

    /// The BFD session entered a state; called on the thread of BFD.
    default void bfdChanged(Neighbor neighbor, SessionState state) {}

    /// A BFD packet was sent so much later than it was due; called on the thread of BFD.
    default void bfdLate(Neighbor neighbor, Duration lateness) {}

    /// A BFD packet from a neighbor's address was not taken; called on the thread of BFD.
    default void bfdDiscarded(Discard why) {}
}
