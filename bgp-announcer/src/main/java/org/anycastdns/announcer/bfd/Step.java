package org.anycastdns.announcer.bfd;

import java.util.List;

/// What an event leads to: the next state, and what is to be done, in order.
public record Step(State state, List<Action> actions) {

    public Step {
        actions = List.copyOf(actions);
    }

    static Step to(State state, Action... actions) {
        return new Step(state, List.of(actions));
    }
}
