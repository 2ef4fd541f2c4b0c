package org.anycastdns.announcer.driver;

import java.time.Duration;
import java.util.Set;
import org.anycastdns.announcer.bfd.Discard;
import org.anycastdns.announcer.bfd.SessionState;
import org.anycastdns.announcer.message.Message;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Neighbor;

/// Receives the events of sessions. Methods are called on the neighbor's event loop unless
/// documented otherwise, and must return quickly. Every method does nothing unless overridden.
public interface Observer {

    /// An observer that ignores everything.
    Observer NONE = new Observer() {};

    /// Returns an observer that passes every event to two others, one after the other.
    static Observer both(Observer first, Observer second) {
        return new Observer() {
            @Override
            public void stateChanged(Neighbor neighbor, String from, String to, String reason) {
                first.stateChanged(neighbor, from, to, reason);
                second.stateChanged(neighbor, from, to, reason);
            }

            @Override
            public void updated(Neighbor neighbor, Set<Prefix> announced, Set<Prefix> withdrawn) {
                first.updated(neighbor, announced, withdrawn);
                second.updated(neighbor, announced, withdrawn);
            }

            @Override
            public void exchanged(Neighbor neighbor, boolean sent, Message message) {
                first.exchanged(neighbor, sent, message);
                second.exchanged(neighbor, sent, message);
            }

            @Override
            public void strangerRefused() {
                first.strangerRefused();
                second.strangerRefused();
            }

            @Override
            public void bfdChanged(Neighbor neighbor, SessionState state) {
                first.bfdChanged(neighbor, state);
                second.bfdChanged(neighbor, state);
            }

            @Override
            public void bfdLate(Neighbor neighbor, Duration lateness) {
                first.bfdLate(neighbor, lateness);
                second.bfdLate(neighbor, lateness);
            }

            @Override
            public void bfdDiscarded(Discard why) {
                first.bfdDiscarded(why);
                second.bfdDiscarded(why);
            }
        };
    }

    /// Called when a session went from one state to another ("Idle", "Connect", "Active",
    /// "OpenSent", "OpenConfirm", "Established").
    default void stateChanged(Neighbor neighbor, String from, String to, String reason) {}

    /// Called when UPDATEs with these changes were passed to the socket.
    default void updated(Neighbor neighbor, Set<Prefix> announced, Set<Prefix> withdrawn) {}

    /// Called when a message was sent to the neighbor, or else received from it; before the change
    /// of state that it leads to.
    default void exchanged(Neighbor neighbor, boolean sent, Message message) {}

    /// Called when a connection was refused because its address is no neighbor's; on a thread of
    /// the listening sockets.
    default void strangerRefused() {}

    /// Called when a BFD session entered a state; on the BFD thread.
    default void bfdChanged(Neighbor neighbor, SessionState state) {}

    /// Called when a BFD packet was sent, with its delay after the due time; on the BFD thread.
    default void bfdLate(Neighbor neighbor, Duration lateness) {}

    /// Called when a BFD packet from a neighbor's address was discarded; on the BFD thread.
    default void bfdDiscarded(Discard why) {}
}
