package org.anycastdns.announcer.driver;

import java.util.Set;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;

/// Is told what happens to sessions, for metrics; called on the neighbour's event loop, must return
/// quickly. Every method does nothing unless overridden.
public interface Observer {

    /// An observer that looks away.
    Observer NONE = new Observer() {};

    /// The session went from one state to another ("Idle", "Connect", "Active", "OpenSent",
    /// "OpenConfirm", "Established").
    default void stateChanged(Neighbor neighbor, String from, String to, String reason) {}

    /// UPDATEs with these changes were handed to the socket.
    default void updated(Neighbor neighbor, Set<Prefix> announced, Set<Prefix> withdrawn) {}
}
