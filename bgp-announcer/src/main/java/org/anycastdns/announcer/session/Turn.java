package org.anycastdns.announcer.session;

import java.util.List;

/// What an event leads to with a neighbour: the tracks as they are then, and what is to be done, in
/// order.
public record Turn(Tracks tracks, List<Act> acts) {

    public Turn {
        acts = List.copyOf(acts);
    }

    /// Something to be done.
    ///
    /// @param life the connection it concerns; [Action.Close] is the last that is done to it, and
    ///   ends its timers too
    public record Act(int life, Action action) {}
}
