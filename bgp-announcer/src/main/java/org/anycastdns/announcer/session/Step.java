package org.anycastdns.announcer.session;

import java.util.List;

/// The result of an event: the next state, and the actions to carry out, in order.
public record Step(State state, List<Action> actions) {

    public Step {
        actions = List.copyOf(actions);
    }

    static Step to(State state, Action... actions) {
        return new Step(state, List.of(actions));
    }
}
