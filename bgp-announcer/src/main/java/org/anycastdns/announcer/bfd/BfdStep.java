package org.anycastdns.announcer.bfd;

import java.util.List;

/// The result of an event: the next state, and the actions to carry out, in order.
public record BfdStep(BfdState state, List<BfdAction> actions) {

    public BfdStep {
        actions = List.copyOf(actions);
    }

    static BfdStep to(BfdState state, BfdAction... actions) {
        return new BfdStep(state, List.of(actions));
    }
}
