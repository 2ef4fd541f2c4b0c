package org.anycastdns.announcer.loop;

import org.anycastdns.announcer.driver.Observer;
import org.anycastdns.announcer.session.Neighbor;

/// Puts the events of sessions into the inbox.
public final class NeighborInputs implements Observer {

    private final Inbox inbox;

    /// Creates an observer that fills this inbox.
    public NeighborInputs(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public void stateChanged(Neighbor neighbor, String from, String to, String reason) {
        String address = neighbor.id().name();
        inbox.see(new Input.NeighborChanged(address, from, to, reason));
    }
}
