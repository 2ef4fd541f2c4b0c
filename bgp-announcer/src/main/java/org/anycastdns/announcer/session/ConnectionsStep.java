package org.anycastdns.announcer.session;

import java.util.List;

/// The result of an event for a neighbor: its connections after the event, and the actions the
/// driver must carry out, in order.
public record ConnectionsStep(NeighborConnections connections, List<ConnectionAction> actions) {

    public ConnectionsStep {
        actions = List.copyOf(actions);
    }
}
